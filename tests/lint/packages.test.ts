/** What npm brings: little, each with its checksum, and docs/packages.md tells of all of it. */
import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

interface Package {
	integrity?: string;
	license?: string;
	hasInstallScript?: boolean;
	dependencies?: Record<string, string>;
}

const locks = ["package-lock.json", "commands/node/package-lock.json", "tests/node-18/package-lock.json"];

/** By the path from node_modules on. */
function packagesIn(lock: string): [path: string, Package][] {
	const { packages } = JSON.parse(readFileSync(lock, "utf8")) as { packages: Record<string, Package> };
	return Object.entries(packages).filter(([path]) => path !== "");
}

const installed = packagesIn("node_modules/.package-lock.json");

for (const lock of locks)
	test(`every package of ${lock} has a checksum`, () => {
		const packages = packagesIn(lock);
		assert.ok(packages.length > 0);
		for (const [path, { integrity }] of packages) assert.match(integrity ?? "", /^sha512-/, path);
	});

test("fewer than 50 packages are installed: xsnap's own are not", () => {
	const help = "xsnap's own packages are back; docs/packages.md says how to take them away";
	assert.ok(installed.length < 50, `${installed.length} packages: ${help}`);
	const xsnap = new Map(packagesIn("package-lock.json")).get("node_modules/@agoric/xsnap");
	assert.equal(xsnap?.dependencies, undefined, help);
});

/** The name of a package; those for one platform each are one. */
function nameOf(path: string): string {
	const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
	return name.replace(/^(@biomejs\/cli|@typescript\/typescript)-.*/, "$1-*");
}

/** In bytes, without the packages in it. */
function sizeOf(folder: string): number {
	let bytes = 0;
	for (const entry of readdirSync(folder, { withFileTypes: true })) {
		const path = join(folder, entry.name);
		if (!entry.isDirectory()) bytes += lstatSync(path).size;
		else if (entry.name !== "node_modules") bytes += sizeOf(path);
	}
	return bytes;
}

const rows = readFileSync("docs/packages.md", "utf8").matchAll(/^\| (\S+) \| (.+) \| (.+) \| ([\d,]+) \|$/gm);
const table = new Map(
	Array.from(rows, ([, name = "", use = "", licence = "", size = ""]) => [name, { use, licence, size }]),
);

test("docs/packages.md has each package that is installed, and its licence", () => {
	for (const [path, { license }] of installed) assert.equal(table.get(nameOf(path))?.licence, license, path);
	const names = new Set([...installed.map(([path]) => nameOf(path)), "xs-dev"]);
	for (const name of table.keys()) assert.ok(names.has(name), `${name} is not installed`);
});

test("docs/packages.md names those that want a package which we do not use ourselves", () => {
	const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
	for (const name of table.keys()) {
		if (name in devDependencies || name.endsWith("-*") || name === "xs-dev") continue;
		const wanting = installed.filter(([, { dependencies = {} }]) => name in dependencies).map(([path]) => nameOf(path));
		const uses = table.get(name)?.use.replace(/^types of /, "");
		assert.equal(uses, [...new Set(wanting)].sort().join(", "), name);
	}
});

test("docs/packages.md has the sizes", {
	skip: (process.platform !== "linux" || process.arch !== "x64") && "they are those on Linux with an x86-64 processor",
}, () => {
	const sizes = new Map<string, number>();
	for (const [path] of installed) {
		const name = nameOf(path);
		if (name.endsWith("-*") && path.endsWith("-musl")) continue; // older npm brings both
		sizes.set(name, (sizes.get(name) ?? 0) + sizeOf(path));
	}
	for (const [name, bytes] of sizes)
		assert.equal(table.get(name)?.size, Math.ceil(bytes / 1000).toLocaleString("en"), name);
});
