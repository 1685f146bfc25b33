/** `./build.sh chip` where it cannot run: one sentence, and what to type. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { missingForChip } from "../../hardware/chip/build.js";
import { command } from "./command.js";

async function withLibslirp(context: TestContext): Promise<boolean> {
	const missing = await missingForChip();
	if (missing.length) context.skip(`not here: ${missing.join(", ")}`);
	return missing.length === 0;
}

test("without the SDK it says so, and how to get it", async (context) => {
	if (!(await withLibslirp(context))) return;
	const { status, stderr } = await command("chip", ["--once"], { env: { MODDABLE: "", ESP_BASE: "" } });
	assert.equal(status, 69);
	assert.equal(stderr, "chip: The Moddable SDK is not here: MODDABLE is not set.\nInstall it: ./build.sh setup\n");
});

test("without what it is built from it says so, and how to get it", async () => {
	const { status, stderr } = await command("chip", ["--once"], { env: { PATH: "/nowhere" } });
	assert.equal(status, 69);
	assert.match(
		stderr,
		/^chip: The emulated chip needs packages that are not here: apt-get install gcc make libslirp-dev\n$/,
	);
});

test("an image without its names is refused, for Wi-Fi takes them", async (context) => {
	if (!(await withLibslirp(context))) return;
	const { status, stderr } = await command("chip", ["--image", "main.bin"]);
	assert.equal(status, 64);
	assert.match(stderr, /give --elf, too/);
});

test("keys of a kind that it has no certificates of are refused", async (context) => {
	if (!(await withLibslirp(context))) return;
	const { status, stderr } = await command("chip", ["--tls", "p384"]);
	assert.equal(status, 64);
	assert.match(stderr, /--tls must be rsa or p256, not "p384"/);
});

test("what is no firmware ends with the reason", async (context) => {
	if (!(await withLibslirp(context))) return;
	const { status, stderr } = await command("chip", ["--elf", "package.json", "--once", "--timeout", "20"]);
	assert.equal(status, 1);
	assert.match(stderr, /the chip has stopped: package\.json: it is no ELF for an Xtensa processor/);
});
