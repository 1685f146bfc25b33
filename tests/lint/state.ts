/** Preloaded modules live in flash: what they hold at their top level must never change. */
import {
	type ArrayLiteralExpression,
	type ClassLikeDeclaration,
	type Node,
	NodeFlags,
	type ObjectLiteralExpression,
	SyntaxKind,
	type VariableStatement,
} from "typescript/unstable/ast";
import {
	isArrayLiteralExpression,
	isAsExpression,
	isBinaryExpression,
	isCallExpression,
	isClassDeclaration,
	isClassExpression,
	isClassStaticBlockDeclaration,
	isEnumDeclaration,
	isExportAssignment,
	isExpressionStatement,
	isNewExpression,
	isNonNullExpression,
	isObjectLiteralExpression,
	isParenthesizedExpression,
	isPropertyAccessExpression,
	isPropertyAssignment,
	isPropertyDeclaration,
	isSatisfiesExpression,
	isVariableStatement,
} from "typescript/unstable/ast/is";
import { type Report, type Rule, walk } from "./syntax.js";

const notFrozen = "can change after it is made; write Object.freeze(..., true), or make it in a function";

export const noModuleState: Rule = {
	name: "no-module-state",
	appliesTo: (path) => path.startsWith("modules/"),
	check(source, _path, report) {
		for (const statement of source.statements) {
			if (isVariableStatement(statement)) checkVariables(statement, report);
			else if (isEnumDeclaration(statement) && !has(statement, SyntaxKind.ConstKeyword, SyntaxKind.DeclareKeyword))
				report(statement, "an enum is an object that can change; write const enum");
			else if (isExportAssignment(statement) && !isConstant(statement.expression))
				report(statement, `the default export ${notFrozen}`);
			else if (isExpressionStatement(statement) && !isFreeze(statement.expression))
				report(statement, "a module does nothing when it is loaded: that happens when the firmware is built");
		}
		walk(source, (node) => {
			if (isClassDeclaration(node) || isClassExpression(node)) checkStatics(node, report);
		});
	},
};

function checkVariables(statement: VariableStatement, report: Report): void {
	if (has(statement, SyntaxKind.DeclareKeyword)) return;
	const { declarations, flags } = statement.declarationList;
	for (const { name, initializer } of declarations) {
		if (!(flags & NodeFlags.Const)) report(name, `${name.getText()} is module-level state; keep state in an object`);
		else if (initializer && !isConstant(initializer)) report(name, `${name.getText()} ${notFrozen}`);
	}
}

function checkStatics(node: ClassLikeDeclaration, report: Report): void {
	for (const member of node.members) {
		if (isClassStaticBlockDeclaration(member)) report(member, "a static block runs when the firmware is built");
		if (!isPropertyDeclaration(member) || !has(member, SyntaxKind.StaticKeyword)) continue;
		const name = member.name.getText();
		if (!has(member, SyntaxKind.ReadonlyKeyword)) report(member, `${name} is static and can change; make it readonly`);
		else if (member.initializer && !isConstant(member.initializer)) report(member, `${name} ${notFrozen}`);
	}
}

/** True for what cannot change: primitives, functions, classes, names of other constants, and what is frozen. */
function isConstant(expression: Node): boolean {
	const inner = unwrap(expression);
	switch (inner.kind) {
		case SyntaxKind.StringLiteral:
		case SyntaxKind.NumericLiteral:
		case SyntaxKind.BigIntLiteral:
		case SyntaxKind.NoSubstitutionTemplateLiteral:
		case SyntaxKind.TemplateExpression:
		case SyntaxKind.TrueKeyword:
		case SyntaxKind.FalseKeyword:
		case SyntaxKind.NullKeyword:
		case SyntaxKind.Identifier:
		case SyntaxKind.PropertyAccessExpression:
		case SyntaxKind.PrefixUnaryExpression:
		case SyntaxKind.TypeOfExpression:
		case SyntaxKind.ArrowFunction:
		case SyntaxKind.FunctionExpression:
		case SyntaxKind.ClassExpression:
			return true;
		default:
			if (isBinaryExpression(inner)) return isConstant(inner.left) && isConstant(inner.right);
			return isFreeze(inner) && freezesAll(inner.arguments);
	}
}

function isFreeze(node: Node): node is Node & { arguments: readonly Node[] } {
	return isCallExpression(node) && node.expression.getText() === "Object.freeze";
}

/** XS's `Object.freeze(x, true)` freezes in depth; without `true`, only a literal that holds no other is safe. */
function freezesAll([value, deep]: readonly Node[]): boolean {
	if (!value) return false;
	const inner = unwrap(value);
	const isDeep = deep?.kind === SyntaxKind.TrueKeyword;
	if (isObjectLiteralExpression(inner) || isArrayLiteralExpression(inner)) return isDeep || isFlat(inner);
	if (isNewExpression(inner)) return isDeep && isBuffer(inner.expression);
	return (
		isDeep &&
		isCallExpression(inner) &&
		isPropertyAccessExpression(inner.expression) &&
		isBuffer(inner.expression.expression)
	);
}

/** Buffers and views are read-only in flash; a frozen Map or Set could still be written to in the simulator. */
function isBuffer(made: Node): boolean {
	const name = made.getText();
	return name === "ArrayBuffer" || name === "DataView" || (name.endsWith("Array") && name !== "Array");
}

/** True for a literal whose members are constants themselves; what a function does when it is called is its own affair. */
function isFlat(literal: ObjectLiteralExpression | ArrayLiteralExpression): boolean {
	if (isArrayLiteralExpression(literal)) return literal.elements.every(isConstant);
	return literal.properties.every((property) => !isPropertyAssignment(property) || isConstant(property.initializer));
}

function unwrap(node: Node): Node {
	let inner = node;
	while (
		isAsExpression(inner) ||
		isSatisfiesExpression(inner) ||
		isParenthesizedExpression(inner) ||
		isNonNullExpression(inner)
	)
		inner = inner.expression;
	return inner;
}

function has(node: Node, ...kinds: SyntaxKind[]): boolean {
	const { modifiers } = node as Node & { modifiers?: readonly Node[] };
	return modifiers?.some((modifier) => kinds.includes(modifier.kind)) ?? false;
}
