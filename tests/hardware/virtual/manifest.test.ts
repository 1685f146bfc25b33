/** Manifests, as mcconfig reads them. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { type TestContext, test } from "node:test";
import { type App, ManifestError, readManifest } from "../../../hardware/virtual/manifest/manifest.js";
import { matchPlatform } from "../../../hardware/virtual/manifest/platform.js";

type Files = Record<string, object | string>;

/** Writes files and reads their manifest.json; modules are named with their paths from the folder. */
function read(context: TestContext, files: Files): Omit<App, "modules"> & { modules: Record<string, string> } {
	const folder = mkdtempSync(join(tmpdir(), "manifest-"));
	context.after(() => rmSync(folder, { recursive: true }));
	for (const [name, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
	}
	const app = readManifest(join(folder, "manifest.json"));
	const modules = [...app.modules].map(([name, file]) => [name, relative(folder, file)]);
	return { ...app, modules: Object.fromEntries(modules) };
}

function refuses(context: TestContext, files: Files, file: string, key: string, problem: RegExp): void {
	assert.throws(
		() => read(context, files),
		(error: Error) => {
			assert.ok(error instanceof ManifestError, String(error));
			assert.equal(relative(dirname(error.file), error.file), file);
			assert.equal(error.key, key);
			assert.match(error.message, problem);
			return true;
		},
	);
}

test("modules are named by file, by pattern and by name", (context) => {
	const { modules } = read(context, {
		"manifest.json": {
			modules: { "*": ["./main", "./other/*"], "smtp/*": "./smtp/*", "mail/body": "./mail/text" },
		},
		"main.ts": "",
		"other/a.js": "",
		"other/b.mjs": "",
		"other/.hidden.js": "",
		"other/native.c": "",
		"smtp/client.ts": "",
		"smtp/types.d.ts": "",
		"mail/text.ts": "",
	});
	assert.deepEqual(modules, {
		main: "main.ts",
		a: "other/a.js",
		b: "other/b.mjs",
		"smtp/client": "smtp/client.ts",
		"mail/body": "mail/text.ts",
	});
});

test('"~" leaves files out, also those of included manifests', (context) => {
	const { modules } = read(context, {
		"manifest.json": { include: "./library/manifest.json", modules: { "~": "./library/b" } },
		"library/manifest.json": { modules: { "library/*": "./*" } },
		"library/a.ts": "",
		"library/b.ts": "",
	});
	assert.deepEqual(modules, { "library/a": "library/a.ts" });
});

test("included manifests come first, each once, and what includes them is laid over them", (context) => {
	const { config, files, creation } = read(context, {
		"manifest.json": {
			include: ["./a/manifest.json", "./b.json", "$(MODDABLE)/examples/manifest_base.json"],
			config: { who: "app", nested: { app: 1 } },
			creation: { static: 20480, chunk: { initial: 1024 } },
		},
		"a/manifest.json": {
			include: "../b.json",
			config: { who: "a", nested: { a: 1 } },
			creation: { heap: { initial: 160 } },
		},
		"b.json": { config: { who: "b", nested: { b: 1 } } },
	});
	assert.deepEqual(config, { who: "app", nested: { a: 1, b: 1, app: 1 } });
	assert.deepEqual(
		files.map((file) => relative(dirname(files[2] as string), file)),
		["b.json", "a/manifest.json", "manifest.json"],
	);
	assert.deepEqual(creation, {
		static: 20480,
		chunk: { initial: 1024, incremental: 512 },
		heap: { initial: 160, incremental: 64 },
		stack: 256,
		keys: { initial: 32, incremental: 32 },
		main: "main",
	});
});

test("variables of build lead to files, and into the SDK, which is not read", (context) => {
	const { modules, skipped } = read(context, {
		"manifest.json": {
			build: { LIBRARY: "./library", INNER: "$(LIBRARY)/inner" },
			include: "$(MODULES)/io/manifest.json",
			modules: { "*": ["$(INNER)/x", "$(MODULES)/base/timer/*"], timer: "./library/timer" },
		},
		"library/inner/x.ts": "",
		"library/timer.js": "",
	});
	assert.deepEqual(modules, { x: "library/inner/x.ts" }, "timer is the board's own");
	assert.deepEqual(skipped, ["/$(MODDABLE)/modules/io/manifest.json", "/$(MODDABLE)/modules/base/timer/*"]);
});

test("one entry of platforms holds: the nearest", (context) => {
	const platforms = { "esp/nodemcu": { n: 1 }, "esp/*": { n: 2 }, esp: { n: 3 }, "...": { n: 4 } };
	const match = (names: (keyof typeof platforms)[], platform = "esp/nodemcu") =>
		matchPlatform(Object.fromEntries(names.map((name) => [name, platforms[name]])), platform)?.n;
	assert.equal(match(["...", "esp", "esp/nodemcu"]), 1);
	assert.equal(match(["...", "esp", "esp/*"]), 2);
	assert.equal(match(["...", "esp"]), 3);
	assert.equal(match(["..."]), 4);
	assert.equal(match(["esp/*", "..."], "lin"), 4);
	assert.equal(match([]), undefined);
	const { config, modules } = read(context, {
		"manifest.json": {
			config: { a: 1, b: 1 },
			platforms: { esp: { include: "./esp.json", config: { b: 2 } }, lin: { include: "./none.json" } },
		},
		"esp.json": { modules: { board: "./board" }, config: { a: 0, c: 0 } },
		"board.ts": "",
	});
	assert.deepEqual({ config, modules }, { config: { a: 1, b: 2, c: 0 }, modules: { board: "board.ts" } });
});

test("preload names modules; a pattern is for JavaScript only, as in mcconfig", (context) => {
	const files = { "a/x.js": "", "a/y.js": "", "b.ts": "" };
	const manifest = { modules: { "a/*": "./a/*", "*": "./b" }, preload: ["b", "a/*", "timer", "none"] };
	const { preload, warnings } = read(context, { "manifest.json": manifest, ...files });
	assert.deepEqual(preload, ["b", "a/x", "a/y"]);
	assert.equal(warnings.length, 1);
	assert.match(warnings[0] as string, /manifest.json: preload: there is no none/);
	const broad = { ...manifest, preload: ["*"] };
	refuses(context, { "manifest.json": broad, ...files }, "manifest.json", "preload.*", /TypeScript .* name them: b/);
});

test("typings are found as typescript.tsconfig names them", (context) => {
	const types = ["$(MODDABLE)/xs/includes/xs", "./xs/drivers"];
	const { typings } = read(context, { "manifest.json": { typescript: { tsconfig: { compilerOptions: { types } } } } });
	assert.equal(typings.length, 1);
	assert.match(typings[0] as string, /xs\/drivers\.d\.ts$/);
});

test("what is wrong is told with the file and the key", (context) => {
	const main = (manifest: object, more: Files = {}): Files => ({ "manifest.json": manifest, ...more });
	const refused = (files: Files, file: string, key: string, problem: RegExp) =>
		refuses(context, files, file, key, problem);
	refused({ "manifest.json": "{ nonsense" }, "manifest.json", "", /JSON/);
	refused({ "manifest.json": "[]" }, "manifest.json", "", /not an object/);
	refused(main({ include: "./a.json" }), "manifest.json", "include", /there is no .*a\.json/);
	refused(
		main({ include: "./a.json" }, { "a.json": { modules: { "*": "./none" } } }),
		"a.json",
		"modules.*",
		/no .*none/,
	);
	refused(main({ modules: { "x/*": "./none/*" } }), "manifest.json", "modules.x/*", /there is no folder/);
	refused(main({ modules: { x: "$(NOWHERE)/x" } }), "manifest.json", "modules.x", /\$\(NOWHERE\) is not known/);
	refused(main({ modules: { x: 1 } }), "manifest.json", "modules.x", /neither a path/);
	refused(main({ creation: { static: "20k" } }), "manifest.json", "creation.static", /"20k" is not a size/);
	refused(main({ creation: { heap: { initial: -1 } } }), "manifest.json", "creation.heap.initial", /-1 is not a size/);
	refused(main({ config: 1 }), "manifest.json", "config", /not an object/);
	refused(main({ platforms: { esp: { error: "not here" } } }), "manifest.json", "error", /not here/);
	const twice = { modules: { a: ["./x", "./y"] } };
	refused(main(twice, { "x.ts": "", "y.ts": "" }), "manifest.json", "modules.a", /"a" is .*x\.ts already/);
});

test("resources keep their extension, and are named by file, by pattern and by name", (context) => {
	const { resources } = read(context, {
		"manifest.json": {
			include: "./more/manifest.json",
			resources: { "*": ["./authority-1", "./pages/*"], sound: "./a" },
		},
		"more/manifest.json": { resources: { "*": "./b.bin" } },
		"authority-1.der": "1",
		"a.bin": "2",
		"more/b.bin": "3",
		"pages/index.html": "4",
		"pages/main.js": "5",
	});
	const names = ["b.bin", "authority-1.der", "index.html", "main.js", "sound.bin"];
	assert.deepEqual([...resources.keys()], names);
});

test("a resource that is not there is named", (context) => {
	const files = { "manifest.json": { resources: { "*": "./nothing" } } };
	refuses(context, files, "manifest.json", "resources.*", /there is no .*nothing/);
});

test("the app with TLS is the app, with TLS in the place of none", () => {
	const plain = readManifest("manifest.json");
	const secure = readManifest("manifest_tls.json");
	assert.deepEqual([...secure.modules.keys()].sort(), [...plain.modules.keys()].sort());
	assert.match(plain.modules.get("tls/provider") ?? "", /hardware\/tls\/none\.ts$/);
	assert.match(secure.modules.get("tls/provider") ?? "", /hardware\/tls\/provider\.ts$/);
	assert.ok(secure.preload.includes("tls/provider"));
});
