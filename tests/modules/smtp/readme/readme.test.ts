/** What modules/smtp/README.md shows is what examples.xs.ts runs, and what it links to is there. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const readme = readFileSync("modules/smtp/README.md", "utf8");
const examples = readFileSync("tests/modules/smtp/readme/examples.ts", "utf8");

/** The regions of the examples without their indentation, by name. */
const regions = new Map(
	[...examples.matchAll(/^(\t*)\/\/ #region (\w+)\n([\s\S]*?)^\t*\/\/ #endregion$/gm)].map(
		([, indentation = "", name = "", text = ""]) => [
			name,
			text.replaceAll(new RegExp(`^${indentation}`, "gm"), "").trim(),
		],
	),
);

/** The names that a text imports, as "name from module". */
const imports = (text: string): string[] =>
	[...text.matchAll(/^import (?:type )?\{([^}]+)\} from "([^"]+)";$/gm)].flatMap(([, names = "", module]) =>
		names.split(",").map((name) => `${name.trim().replace(/^type /, "")} from ${module}`),
	);

const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

test("each example of the README is one that is run", () => {
	const known = new Set(imports(examples));
	const left = new Map(regions);
	for (const block of blocks) {
		for (const name of imports(block)) assert.ok(known.has(name), `${name} is not imported by the examples`);
		const body = block.replaceAll(/^import [^;]+;\n/gm, "").trim();
		const name = [...left.keys()].find((region) => left.get(region) === body);
		assert.ok(name, `this is not in the examples:\n${body}`);
		left.delete(name);
	}
	assert.deepEqual([...left.keys()], [], "not in the README");
});

test("each example of the README imports what it uses", () => {
	const names = imports(examples).map((name) => name.split(" ")[0] as string);
	for (const block of blocks) {
		const imported = imports(block).map((name) => name.split(" ")[0]);
		const body = block.replaceAll(/^import .*$/gm, "").replaceAll(/"[^"\n]*"/g, "");
		for (const name of names.filter((known) => new RegExp(`(?<![.\\w])${known}\\b`).test(body)))
			assert.ok(imported.includes(name), `${name} is not imported in\n${block}`);
	}
});

test("manifests and files that the README names are there", () => {
	const names = [...readme.matchAll(/`(manifest\w*\.json)`/g), ...readme.matchAll(/\]\((?!http|#)([^)#]+)/g)];
	assert.ok(names.length > 5);
	for (const [, name] of names) assert.ok(existsSync(`modules/smtp/${name}`), name);
});

test("every kind of error, and every option, is in the README", () => {
	const types = readFileSync("modules/smtp/types.ts", "utf8");
	const kinds = readFileSync("modules/smtp/error.ts", "utf8").match(/type SMTPErrorKind =([^;]+);/)?.[1] ?? "";
	const members = (name: string) =>
		[
			...(types.match(new RegExp(`interface ${name} {([\\s\\S]*?)^}`, "m"))?.[1] ?? "").matchAll(/^\t(\w+)\??[:(]/gm),
		].map(([, member]) => member as string);
	const names = [
		...[...kinds.matchAll(/"(\w+)"/g)].map(([, kind]) => kind as string),
		...["SMTPOptions", "SMTPTimeouts", "SMTPMessage", "SMTPRecipient", "SMTPNotification", "SMTPResult"].flatMap(
			members,
		),
	];
	assert.ok(names.length > 40, `${names.length} names`);
	for (const name of names) assert.ok(readme.includes(`\`${name}\``), `${name} is not in the README`);
});
