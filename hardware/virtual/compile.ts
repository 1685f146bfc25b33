import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { promisify } from "node:util";
import type { App } from "./manifest/manifest.js";

/** TypeScript's complaints about an app. */
export class CompileError extends Error {
	override readonly name = "CompileError";
}

interface TSConfig {
	files: string[];
	compilerOptions: { paths: Record<string, string[]> };
}

/**
 * Compiles an app's TypeScript modules with the project's tsconfig.xs.json and gives the source of each module, by name.
 * What was compiled stays in build/xs and is used again as long as nothing has changed.
 * @param root the project's folder @throws CompileError with tsc's messages
 */
export async function compile(root: string, app: App): Promise<Map<string, string>> {
	const typeScript = [...app.modules].filter(([, file]) => file.endsWith(".ts"));
	const files = typeScript.map(([, file]) => file);
	const folder = commonFolder(files);
	const outputs = files.length ? await compiled(root, app, files, folder) : "";
	const sources = new Map<string, string>();
	for (const [name, file] of app.modules) sources.set(name, readFileSync(outputOf(file, folder, outputs), "utf8"));
	return sources;
}

function outputOf(file: string, folder: string, outputs: string): string {
	return file.endsWith(".ts") ? join(outputs, relative(folder, file)).replace(/ts$/, "js") : file;
}

/** The folder of the outputs, made if what is there is not up to date. */
async function compiled(root: string, app: App, files: string[], folder: string): Promise<string> {
	const config = tsconfig(root, app, files);
	const base = join(root, "build", "xs", hash(app.files.at(-1) as string).slice(0, 8));
	const outputs = join(
		base,
		hash(JSON.stringify(config), ...config.files.map(stamp), stamp(lockFile(root))).slice(0, 16),
	);
	if (existsSync(outputs)) return outputs;
	const working = join(base, `working-${process.pid}-${Date.now()}`);
	mkdirSync(working, { recursive: true });
	const project = join(working, "tsconfig.json");
	const options = {
		...config.compilerOptions,
		rootDir: folder,
		outDir: working,
		noEmitOnError: true,
		sourceMap: false,
	};
	writeFileSync(project, JSON.stringify({ ...config, compilerOptions: options }, undefined, "\t"));
	await runTypeScript(root, project, working);
	rename(working, outputs);
	removeOld(base, outputs);
	return outputs;
}

function tsconfig(root: string, app: App, files: string[]): TSConfig & { extends: string; include: string[] } {
	const file = join(root, "tsconfig.xs.json");
	const base = JSON.parse(readFileSync(file, "utf8")) as TSConfig;
	const paths: Record<string, string[]> = {};
	for (const [name, path] of app.modules) paths[name] = [path];
	for (const [name, list] of Object.entries(base.compilerOptions.paths))
		if (leadsToTypings(list)) paths[name] ??= list.map((path) => resolve(root, path));
	const own = join(root, "hardware", "virtual", "xs");
	const typings = existsSync(own) ? readdirSync(own).filter((name) => name.endsWith(".d.ts")) : [];
	return {
		extends: file,
		compilerOptions: { paths },
		files: [
			...base.files.map((path) => resolve(root, path)),
			...typings.map((name) => join(own, name)),
			...app.typings,
			...files,
		],
		include: [],
	};
}

/** An app sees what its manifest names and the SDK's typings, not every module of the project. */
function leadsToTypings(paths: string[]): boolean {
	return paths.every((path) => path.includes("node_modules/") || (path.includes("/xs/") && path.endsWith(".d.ts")));
}

async function runTypeScript(root: string, project: string, working: string): Promise<void> {
	const tsc = join(root, "node_modules", ".bin", "tsc");
	try {
		await promisify(execFile)(tsc, ["-p", project], { cwd: root, maxBuffer: 1 << 24 });
	} catch (error) {
		rmSync(working, { recursive: true, force: true });
		const { stdout, message } = error as { stdout?: string; message: string };
		throw new CompileError(stdout?.trim() || message);
	}
}

/** Two runs may have compiled the same: the first stays. */
function rename(working: string, outputs: string): void {
	try {
		renameSync(working, outputs);
	} catch {
		rmSync(working, { recursive: true, force: true });
	}
}

/** What an earlier state of the sources left; what is young may be someone's who is about to read it. */
function removeOld(base: string, outputs: string): void {
	for (const name of readdirSync(base)) {
		const path = join(base, name);
		if (path === outputs) continue;
		try {
			if (Date.now() - statSync(path).mtimeMs > 600_000) rmSync(path, { recursive: true, force: true });
		} catch {}
	}
}

function lockFile(root: string): string {
	return join(root, "package-lock.json");
}

function stamp(file: string): string {
	const { mtimeMs, size } = statSync(file);
	return `${file} ${mtimeMs} ${size}`;
}

function hash(...parts: string[]): string {
	return createHash("sha256").update(parts.join("\n")).digest("hex");
}

function commonFolder(files: string[]): string {
	let folder = dirname(files[0] ?? sep);
	while (!files.every((file) => file.startsWith(folder.endsWith(sep) ? folder : folder + sep)))
		folder = dirname(folder);
	return folder;
}
