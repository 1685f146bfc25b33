/** The examples of modules/mail/README.md are run on a virtual board, and render what the README says. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, describe, test } from "node:test";
import { VirtualBoard } from "../../../hardware/virtual/board.js";

const room = resolve("modules/mail");
const folder = resolve("build/tests/tests/modules/mail/readme");
const readme = readFileSync(join(room, "README.md"), "utf8");

/** A block of code, and the text that follows it if one does. */
interface Example {
	title: string;
	code: string;
	output: string | undefined;
}

const examples = readme.split(/^## /m).flatMap((section): Example[] => {
	const [code] = [...section.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block]) => block as string);
	const [output] = [...section.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(([, block]) => block as string);
	return code === undefined ? [] : [{ title: section.slice(0, section.indexOf("\n")), code, output }];
});

const MAIN = `
import Desk from "virtual/desk";
const buffer = new Uint8Array(100);
for (const message of messages) {
	let text = "";
	for (let count; (count = message.read(buffer)); ) text += String.fromArrayBuffer(buffer.buffer.slice(0, count));
	Desk.report(text);
}
Desk.exit();
`;

/** What a device keeps and the virtual board does not: modules of the SDK's names, with zeroes in them. */
const DEVICE = {
	file: `import { FakeFile } from "fake-files";
export class File extends FakeFile { constructor(_path: string) { super(new ArrayBuffer(300)); } }`,
	flash: `import { FakeFlash } from "fake-flash";
export default class Flash extends FakeFlash { constructor(_name: string) { super(new ArrayBuffer(4096)); } }`,
};

function writeApp(): string {
	const names = examples.map((_, index) => `example${index}`);
	const imports = names.map((name) => `import { message as ${name} } from "./${name}";\n`).join("");
	const manifest = join(folder, "manifest.json");
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	for (const [index, { code }] of examples.entries())
		writeFileSync(join(folder, `example${index}.ts`), `${code}\nexport { message };\n`);
	for (const [name, code] of Object.entries(DEVICE)) writeFileSync(join(folder, `${name}.ts`), code);
	writeFileSync(join(folder, "manual.pdf"), "the manual");
	writeFileSync(join(folder, "main.ts"), `${imports}const messages = [${names}];\n${MAIN}`);
	writeFileSync(
		manifest,
		JSON.stringify({
			include: readdirSync(room).flatMap((name) => (name.startsWith("manifest_") ? join(room, name) : [])),
			modules: {
				"*": ["main", ...names, ...Object.keys(DEVICE)].map((name) => `./${name}`),
				"fake-files": resolve("tests/modules/mail/sdk/xs/fake-files"),
				"fake-flash": resolve("tests/modules/mail/sdk/xs/fake-flash"),
			},
			resources: { "*": "./manual" },
			creation: { static: 1 << 18, chunk: { initial: 16384 }, heap: { initial: 4096 }, stack: 512 },
		}),
	);
	return manifest;
}

describe("modules/mail/README.md", () => {
	const rendered: string[] = [];

	before(async () => {
		const board = await VirtualBoard.start({ manifest: writeApp() });
		const traced: string[] = [];
		board.on("trace", (line) => traced.push(line));
		board.on("report", (text) => rendered.push(text));
		assert.deepEqual(await board.exited, { code: 0, reason: "exit" }, traced.join(""));
		await board.close();
	});

	for (const [index, { title, output }] of examples.entries())
		test(title, () => {
			assert.ok(rendered[index]);
			if (output !== undefined) assert.equal(rendered[index]?.replaceAll("\r\n", "\n"), output);
		});

	test("it names every manifest", () => {
		for (const { 1: name } of readme.matchAll(/`(manifest\w*(?:-\w+)?\.json)`/g))
			readFileSync(join(room, name as string));
	});
});
