/** Syntax trees for the lint rules, from the TypeScript compiler itself. */
import { type Node, type SourceFile, SyntaxKind } from "typescript/unstable/ast";
import {
	isCallExpression,
	isExportDeclaration,
	isExternalModuleReference,
	isImportDeclaration,
	isImportTypeNode,
	isLiteralTypeNode,
} from "typescript/unstable/ast/is";
import { API } from "typescript/unstable/sync";

/** What a rule found, at a place a person can go to. */
export interface Finding {
	path: string;
	/** Counted from 1, as editors do. */
	line: number;
	column: number;
	rule: string;
	message: string;
}

/** Reports something at a node of the file under inspection. */
export type Report = (node: Node, message: string) => void;

export interface Rule {
	name: string;
	/** The files it is for; paths are relative to the project, with "/". */
	appliesTo(path: string): boolean;
	check(source: SourceFile, path: string, report: Report): void;
}

/** Runs the rules over the files of `sources` (path relative to the project -> text) that they apply to. */
export function inspect(sources: ReadonlyMap<string, string>, rules: readonly Rule[]): Finding[] {
	const root = "/inspected/";
	const config = `${root}tsconfig.json`;
	const files = new Map([...sources].map(([path, text]) => [root + path, text]));
	const options = { noLib: true, noResolve: true, types: [], target: "esnext", module: "esnext" };
	files.set(config, JSON.stringify({ compilerOptions: options, files: [...files.keys()] }));
	const api = new API({
		cwd: root,
		fs: { readFile: (path) => files.get(path) ?? null, fileExists: (path) => files.has(path) },
	});
	try {
		const [project] = api.updateSnapshot({ openProject: config }).getProjects();
		if (!project) throw new Error("The TypeScript compiler opened no project.");
		const findings: Finding[] = [];
		for (const path of sources.keys()) {
			const source = project.program.getSourceFile(root + path);
			if (!source) throw new Error(`The TypeScript compiler gave no syntax tree for ${path}.`);
			for (const rule of rules) {
				if (!rule.appliesTo(path)) continue;
				rule.check(source, path, (node, message) => {
					findings.push({ path, ...position(source, node), rule: rule.name, message });
				});
			}
		}
		return findings;
	} finally {
		api.close();
	}
}

/** Calls `visit` for a node and all that is in it. */
export function walk(node: Node, visit: (node: Node) => void): void {
	visit(node);
	node.forEachChild((child) => {
		walk(child, visit);
	});
}

/** The module specifier of an import, an export, `import()`, `import("...")` as a type and `import x = require()`. */
export function specifierOf(node: Node): Node | undefined {
	if (isImportDeclaration(node) || isExportDeclaration(node)) return node.moduleSpecifier;
	if (isExternalModuleReference(node)) return node.expression;
	if (isImportTypeNode(node)) return isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
	if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) return node.arguments[0];
	return undefined;
}

/** The text of a string literal, a template without substitutions or a name; "" for anything else. */
export function textOf(node: Node | undefined): string {
	const text = (node as { text?: unknown } | undefined)?.text;
	return typeof text === "string" ? text : "";
}

function position(source: SourceFile, node: Node): { line: number; column: number } {
	const before = source.text.slice(0, node.getStart(source));
	const line = before.split("\n").length;
	return { line, column: before.length - before.lastIndexOf("\n") };
}
