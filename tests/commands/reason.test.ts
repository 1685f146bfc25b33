/** What a person reads where the system says no. */
import assert from "node:assert/strict";
import { mkdirSync, openSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { messageOf, reasonOf } from "../../commands/reason.js";
import { replaceFile } from "../../commands/replace.js";
import { command, folder } from "./command.js";

function thrownBy(act: () => unknown): Error {
	try {
		act();
	} catch (error) {
		return error as Error;
	}
	throw new Error("nothing was thrown");
}

test("a file's name, and why it cannot be used", (t) => {
	const path = folder(t, { file: "" });
	symlinkSync("circle", join(path, "circle"));
	const cases: [act: () => unknown, says: string][] = [
		[() => openSync(join(path, "nofile"), "r"), `${path}/nofile cannot be opened: no such file or directory.`],
		[() => readFileSync(path), "it is a folder."],
		[
			() => openSync(join(path, "file", "x"), "r"),
			`${path}/file/x cannot be opened: what should be a folder on the way to it is none.`,
		],
		[() => openSync(join(path, "circle"), "r"), `${path}/circle cannot be opened: its links lead in a circle.`],
		[() => mkdirSync(join(path, "file")), `${path}/file cannot be written: file already exists.`],
	];
	for (const [act, says] of cases) assert.equal(messageOf(thrownBy(act)), says);
	assert.equal(messageOf(new Error("What we say ourselves, as it is.")), "What we say ourselves, as it is.");
});

test("a full disk is called so", { skip: process.platform !== "linux" && "there is no /dev/full" }, async () => {
	const full = openSync("/dev/full", "w");
	assert.equal(reasonOf(thrownBy(() => writeFileSync(full, "text"))), "the disk is full");
});

test("output that cannot be written ends a command with its reason and 74", {
	skip: process.platform !== "linux" && "there is no /dev/full",
}, async () => {
	const { status, stderr } = await command("configure", ["--show"], { output: openSync("/dev/full", "w") });
	assert.equal(status, 74);
	assert.equal(stderr, "configure: What it says cannot be written: the disk is full.\n");
});

test("a file that cannot be replaced stays, and nothing is left of the new one", (t) => {
	const path = folder(t, { file: "old" });
	mkdirSync(join(path, "folder", "in it"), { recursive: true });
	for (const [name, reason] of [
		["folder", /folder cannot be written: .+\.$/],
		["nofolder/file", /nofolder\/file cannot be written: no such file or directory\.$/],
	] as const)
		assert.throws(() => replaceFile(join(path, name), "secret"), { message: reason });
	assert.deepEqual(readdirSync(path).sort(), ["file", "folder"]);
	replaceFile(join(path, "file"), "new");
	assert.equal(readFileSync(join(path, "file"), "utf8"), "new");
});

test("an authority that is a folder is no certificate that is wrong", async (t) => {
	const trusting = {
		include: "./manifest_tls.json",
		resources: { "*": "./authorities_local/authority-1" },
		config: {},
	};
	const cwd = folder(t, { "manifest.json": "{}", "manifest_local.json": JSON.stringify(trusting) });
	mkdirSync(join(cwd, "authorities_local", "authority-1.der"), { recursive: true });
	const { status, stderr } = await command("configure", ["--show"], { cwd });
	assert.equal(status, 78);
	assert.match(stderr, /^configure: authorities_local\/authority-1\.der cannot be read: it is a folder; /);
});

test("a server that cannot be asked is a sentence", async (t) => {
	const cwd = folder(t, { "manifest.json": "{}" });
	const account = ["--ssid", "Home", "--from", "a@b.example", "--to", "c@d.example", "--smtp-host", "127.0.0.1"];
	const { status, stderr } = await command("configure", [...account, "--smtp-port", "1", "--ask-server"], { cwd });
	assert.equal(status, 70);
	assert.equal(stderr, "configure: 127.0.0.1 port 1 could not be asked: nobody listens there.\n");
});

suite("files that a person names", () => {
	const cases: Record<string, [path: string, reason: string]> = {
		"one that is not there": ["nofile", "no such file or directory"],
		"a folder": [".", "it is a folder"],
		"one below a file": ["file/x", "what should be a folder on the way to it is none"],
	};
	const commands: Record<string, (path: string) => string[]> = {
		send: (path) => ["--host", "127.0.0.1", "--from", "a@b.example", "--to", "c@d.example", "--ca", path],
		configure: (path) => [
			...["--ssid", "Home", "--from", "a@b.example", "--to", "c@d.example", "--smtp-host", "h.example"],
			...["--ca", path],
		],
	};
	for (const [name, options] of Object.entries(commands))
		for (const [what, [path, reason]] of Object.entries(cases))
			test(`${name} --ca: ${what} is a sentence`, async (t) => {
				const cwd = folder(t, { "manifest.json": "{}", file: "" });
				const { status, stderr } = await command(name, options(path), { cwd, input: "" });
				assert.equal(status, 64);
				const [line, help, ...rest] = stderr.split("\n");
				assert.match(line ?? "", new RegExp(`^${name}: --ca: ${path} ?.*: ${reason}\\.$`));
				assert.match(help ?? "", /--help tells what can be said\.$/);
				assert.deepEqual(rest, [""]);
			});
});

test("a configuration that cannot be written is a sentence, and the one that was there stays", async (t) => {
	const cwd = folder(t, { "manifest.json": "{}" });
	mkdirSync(join(cwd, "manifest_local.json"));
	const { status, stderr } = await command("configure", ["--ssid", "Home"], { cwd });
	assert.equal(status, 78);
	assert.equal(stderr, "configure: manifest_local.json cannot be read: it is a folder. Mend or delete it.\n");
});

suite("a configuration that is no JSON is told by line and column, and none of it is shown", () => {
	const secret = '{\n\t"config": {\n\t\t"smtpPassword": "abcd efgh"';
	const cases: Record<string, [text: string, where: string]> = {
		"a comma too many": [`${secret},\n\t}\n}\n`, "line 4, column 2: this is not JSON"],
		"a comma too few": [`${secret}\n\t\t"ssid": "Home" }\n}\n`, "line 4, column 3: this is not JSON"],
		"a bracket too few": [`${secret}\n\t}\n`, "line 5, column 1: it ends too early"],
		"the wrong bracket": [`${secret}]`, "line 3, column 30: this is not JSON"],
		"something behind it": [`${secret}}}\n"abcd"`, "line 4, column 1: this is not JSON"],
		"an open string": ['{ "config": { "smtpPassword": "abcd\n" } }', "line 1, column 36: this is not JSON"],
		"no quotes": ["{ smtpPassword: abcd }", "line 1, column 3: this is not JSON"],
		"the other quotes": ["{ 'smtpPassword': 'abcd' }", "line 1, column 3: this is not JSON"],
		"a comment": ['{ // abcd\n"config": {} }', "line 1, column 3: this is not JSON"],
		"a wrong escape": ['{ "smtpPassword": "ab\\cd" }', "line 1, column 22: this is not JSON"],
		"a number with a zero in front": ['{ "pin": 012 }', "line 1, column 11: this is not JSON"],
		"another word": ['{ "debug": True }', "line 1, column 12: this is not JSON"],
		"a byte order mark": ["\uFEFF{}", "line 1, column 1: this is not JSON"],
		nothing: ["", "line 1, column 1: it ends too early"],
		"a list that goes on": ['{ "to": ["abcd", ] }', "line 1, column 18: this is not JSON"],
		"deep down": ["[".repeat(100_000), "line 1, column 100001: it ends too early"],
	};
	for (const [what, [text, where]] of Object.entries(cases))
		test(what, async (t) => {
			const cwd = folder(t, { "manifest.json": "{}", "manifest_local.json": text });
			const { status, stderr } = await command("configure", ["--show"], { cwd });
			assert.equal(status, 78);
			assert.equal(stderr, `configure: manifest_local.json cannot be read: ${where}. Mend or delete it.\n`);
		});
});
