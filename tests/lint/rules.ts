/** What may not stand in code that runs on the chip. Each rule says why in the message that it reports. */
import { type Node, SyntaxKind } from "typescript/unstable/ast";
import {
	isCallExpression,
	isElementAccessExpression,
	isIdentifier,
	isNewExpression,
	isPrivateIdentifier,
	isPropertyAccessExpression,
	isRegularExpressionLiteral,
} from "typescript/unstable/ast/is";
import { type Rule, specifierOf, textOf, walk } from "./syntax.js";

const inModules = (path: string): boolean => path.startsWith("modules/");

/** All that runs on the chip: the modules, the app, and what the board adds. */
const onTheChip = (path: string): boolean =>
	inModules(path) || path.startsWith("hardware/esp8266/") || path === "main.ts" || path === "config.ts";

/** The name that an expression such as `x.name` or `x["name"]` reads, or "". */
function memberName(node: Node): string {
	if (isPropertyAccessExpression(node)) return textOf(node.name);
	if (isElementAccessExpression(node)) return textOf(node.argumentExpression);
	return "";
}

/** The engine on the chip carries no regular expressions. */
export const noRegExp: Rule = {
	name: "no-regexp",
	appliesTo: onTheChip,
	check(source, _path, report) {
		const makers = ["match", "matchAll", "search"]; // String's own; each makes a RegExp of what it is given
		walk(source, (node) => {
			if (isRegularExpressionLiteral(node)) report(node, "regular expressions are not on the chip");
			else if ((isIdentifier(node) && node.text === "RegExp") || memberName(node) === "RegExp") {
				if (!isMember(node)) report(node, "RegExp is not on the chip");
			} else if (isCallExpression(node) && makers.includes(memberName(node.expression)))
				report(node, `${memberName(node.expression)}() makes a RegExp, which is not on the chip`);
		});
	},
};

/** `x.RegExp` is reported once, at the whole expression. */
function isMember(node: Node): boolean {
	return isIdentifier(node) && isPropertyAccessExpression(node.parent) && node.parent.name === node;
}

/**
 * The SDK's base64 module takes and makes whole strings; the modules stream. `toBase64` may encode a window at a time: it is a
 * few times as fast as anything of ours (tests/bench/README.md).
 */
export const noBase64Module: Rule = {
	name: "no-base64-module",
	appliesTo: onTheChip,
	check(source, path, report) {
		const names = ["fromBase64", "setFromBase64", "btoa", "atob"];
		const own = inModules(path) ? `${path.split("/")[1]}/` : undefined;
		walk(source, (node) => {
			const specifier = specifierOf(node);
			if (specifier) {
				const name = textOf(specifier);
				const ours = name.startsWith(".") || (own !== undefined && name.startsWith(own));
				if (!ours && name.split("/").at(-1)?.toLowerCase() === "base64")
					report(specifier, "base64 modules work on whole strings; encode in a stream");
			} else if (isIdentifier(node) && names.includes(node.text))
				report(node, `${node.text} works on whole strings; encode in a stream`);
		});
	},
};

/** What would keep more of the engine linked, or is not on the chip at all. */
export const onlyWhatTheChipHas: Rule = {
	name: "only-what-the-chip-has",
	appliesTo: onTheChip,
	check(source, _path, report) {
		const missing = ["setTimeout", "setInterval", "console", "TextEncoder", "TextDecoder", "eval", "Function"];
		walk(source, (node) => {
			if (node.kind === SyntaxKind.Decorator) report(node, "decorators need helper code in every module");
			else if (isPrivateIdentifier(node))
				report(node, "a #name takes a slot more in each object, and flash; write `private`");
			else if (isIdentifier(node) && missing.includes(node.text) && isValue(node))
				report(node, `${node.text} is not on the chip`);
		});
	},
};

/** `smtplib` shows the time of day where it is told to trace; the app has no use for it. */
export const noDate: Rule = {
	name: "no-date",
	appliesTo: (path) => onTheChip(path) && !path.startsWith("modules/smtp/smtplib"),
	check(source, _path, report) {
		walk(source, (node) => {
			if (isIdentifier(node) && node.text === "Date" && isValue(node))
				report(node, "Date keeps 9 KB of the engine linked; network/clock knows the time");
		});
	},
};

/** True for a name that is read as a variable, not as a member, a key or a type. */
function isValue(node: Node): boolean {
	const { parent } = node;
	if (isCallExpression(parent) || isNewExpression(parent)) return true;
	return isPropertyAccessExpression(parent) && parent.expression === node;
}
