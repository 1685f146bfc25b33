/** Servers that are not who they should be: nothing secret is said to them, and a person is told why. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, suite, type TestContext, test } from "node:test";
import { Inbox } from "../../commands/inbox.js";
import { Authority, type Identity } from "./certificates.js";
import { type Call, send } from "./client.js";
import { deleteFolder, makeFolder } from "./folder.js";

const folder = makeFolder();
after(() => deleteFolder(folder));
const authority = new Authority(join(folder, "ca"));
const good = authority.issue("localhost");
const account = { user: "ada@example.org", password: "s3cret pass", ca: authority.pem };

/** A server with this certificate, and the log of all that was said to it. */
async function start(
	t: TestContext,
	{ key, chain }: Identity,
	secure: boolean,
): Promise<{ inbox: Inbox; log: string[] }> {
	const keys = { key: readFileSync(key), cert: readFileSync(chain) };
	const inbox = await Inbox.start({
		server: { ...keys, secure, disabledCommands: [], onAuth: (_, __, done) => done(null, { user: "ada" }) },
	});
	t.after(() => inbox.close());
	const log: string[] = [];
	inbox.on("dialogue", (line) => log.push(line));
	return { inbox, log };
}

const refusals: [what: string, identity: Identity, call: Call, reason: RegExp][] = [
	["another name", good, { host: "mail.example.net" }, /its certificate is for localhost, not for mail\.example\.net/],
	["self-signed", authority.selfSigned("localhost"), {}, /its certificate is self-signed/],
	["expired", authority.issue("localhost", -2), {}, /its certificate expired on /],
	[
		"an authority that nobody trusts",
		good,
		{ ca: new Authority(join(folder, "other")).pem },
		/unable to .*certificate/,
	],
	["a clock in 1970", good, { now: new Date(0) }, /clock is not set/],
	["a clock behind the certificate", good, { now: new Date(Date.now() - 60 * 86_400_000) }, /not yet valid/],
	["a clock ahead of the certificate", good, { now: new Date(Date.now() + 60 * 86_400_000) }, /expired/],
];

for (const security of ["required", "implicit"] as const)
	suite(security === "required" ? "STARTTLS" : "TLS from the first byte", () => {
		for (const [what, identity, call, reason] of refusals)
			test(`${what} is refused`, async (t) => {
				const { inbox, log } = await start(t, identity, security === "implicit");
				const { outcome } = await send({ port: inbox.port, security, ...account, ...call });
				assert.equal(outcome.exitCode, 69, JSON.stringify(outcome.failure));
				assert.equal(outcome.failure?.kind, "security");
				assert.match(outcome.failure?.text ?? "", reason);
				assert.deepEqual(
					log.filter((line) => /^C: (AUTH|MAIL|RCPT|DATA)/i.test(line)),
					[],
				);
				assert.equal(inbox.mails.length, 0);
			});

		test("a chain of two certificates is taken, and the log shows AUTH and MAIL", async (t) => {
			const { inbox, log } = await start(t, good, security === "implicit");
			const { outcome } = await send({ port: inbox.port, security, ...account });
			assert.equal(outcome.exitCode, 0, JSON.stringify(outcome.failure));
			for (const verb of ["AUTH", "MAIL"])
				assert.ok(
					log.some((line) => line.startsWith(`C: ${verb}`)),
					verb,
				);
			assert.equal(inbox.mails.length, 1);
		});
	});
