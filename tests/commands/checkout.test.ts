/** The project in a folder whose name has every sign, used by somebody who is not root, without npm and without the SDK. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Checkout } from "./checkout.js";
import { startInbox } from "./send-json.js";

/** What a shell, make, a URL or a pattern could take for something; a backslash and an asterisk are refused (setup.test.ts). */
const name = `my app (1) & 'it's' "so" $HOME \`x\`: 100% %41 #1 ? [a] {b} ~;!^=,@+-|<> é 日\t`;

suite("a checkout in a folder of every sign, without root", () => {
	let checkout: Checkout;

	before(() => {
		checkout = new Checkout(name);
		// whoever calls one of these has tried to reach a network, or to become root
		for (const program of ["npm", "npx", "apt-get", "sudo"])
			checkout.has(program, `echo "${program} was called: $*" >&2; exit 99`);
		checkout.withoutRoot();
	});
	after(() => checkout.delete());

	const build = (...options: string[]) => checkout.build(options, { HOME: checkout.root });

	test("the virtual board is built, and its alert arrives", async () => {
		const { status, stdout, stderr } = await build("--timeout", "300");
		assert.equal(status, 0, stdout + stderr);
		assert.match(stdout, /^board {2}alert \S+: sent$/m);
	});

	test("a mail is sent, with a file of the folder", async (t) => {
		const inbox = await startInbox(t);
		const account = ["--host", inbox.host, "--port", String(inbox.port), "--tls", "none", "--from", "a@b.example"];
		const mail = ["--to", "c@d.example", "--subject", "x", "--text", "y", "--attach", "LICENSE"];
		const { status, stdout, stderr } = await build("send", ...account, ...mail);
		assert.equal(status, 0, stdout + stderr);
		assert.equal(inbox.mails[0]?.parsed.attachments[0]?.filename, "LICENSE");
	});

	test("it is configured, with authorities, and the doctor finds what is there", async () => {
		const account = ["--ssid", "Home", "--from", "me@gmail.com", "--to", "you@example.org"];
		const mail = ["--smtp-host", "smtp.gmail.com", "--smtp-security", "implicit"];
		const configured = await build("configure", ...account, ...mail);
		assert.equal(configured.status, 0, configured.stderr);
		assert.match((await build("configure", "--show")).stdout, /^authorities +GTS Root R1/m);
		const { status, stdout } = await build("doctor");
		assert.equal(status, 0, stdout);
		assert.match(stdout, /^ {2}ok +configuration/m);
		assert.match(stdout, /^ {2}problem +folder +the Moddable SDK cannot work in a folder with a blank in its name/m);
	});

	test("tests are run", async () => {
		const { status, stdout, stderr } = await build("test", "commands/report");
		assert.equal(status, 0, stdout + stderr);
		assert.match(stdout, /^\d+ passed, 0 failed$/m);
	});

	test("the SDK's commands are refused, or say what is missing", async () => {
		for (const command of ["build", "flash", "sim", "monitor"]) {
			const { status, stderr } = await build(command);
			assert.equal(status, 69, `${command}: ${stderr}`);
			assert.doesNotMatch(stderr, /was called|^\s+at /m);
		}
	});

	test("nothing was written beside it", () => {
		assert.deepEqual(readdirSync(checkout.root).sort(), [name, "programs"].sort());
	});

	test("clean deletes what was built", async () => {
		const { status } = await build("clean");
		assert.equal(status, 0);
		assert.ok(!existsSync(join(checkout.project, "build")));
		assert.ok(existsSync(join(checkout.project, "node_modules")));
	});
});
