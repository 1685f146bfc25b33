/** LMTP with a real Dovecot, over TCP and over a Unix socket: a reply for each recipient, and each byte in the mailbox. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, suite, test } from "node:test";
import { type Call, send } from "./client.js";
import { type Dovecot, fullUser, startDovecot } from "./dovecot.js";
import { deleteFolder, makeFolder } from "./folder.js";
import { awkwardMessage, canonical, difference } from "./message.js";
import { missingPackages } from "./packages.js";
import { startOrFail } from "./process.js";

let skip = missingPackages("dovecot-core", "dovecot-lmtpd");
const ada = "ada@example.org";
let folder = "";
let dovecot: Dovecot;

if (!skip)
	skip = await startOrFail("Dovecot", async () => {
		folder = makeFolder();
		dovecot = await startDovecot(folder);
	});
after(async () => {
	await dovecot?.stop();
	if (folder) deleteFolder(folder);
});

const ways: Record<string, () => Call> = {
	TCP: () => ({ host: "127.0.0.1", port: dovecot.lmtpPort, chunking: true }),
	"a Unix socket": () => ({ host: dovecot.lmtpPath }),
	"TCP, without CHUNKING": () => ({ host: "127.0.0.1", port: dovecot.lmtpPort, chunking: false }),
	"TCP, without PIPELINING": () => ({ host: "127.0.0.1", port: dovecot.lmtpPort, pipelining: false }),
};

for (const [way, where] of Object.entries(ways))
	suite(`LMTP over ${way}`, { skip }, () => {
		const deliver = (call: Call = {}) => send({ lmtp: true, ...where(), to: [ada], ...call });

		for (const bytes of [300, 1_000_000])
			test(`${bytes} bytes`, async () => {
				const id = randomUUID();
				const input = awkwardMessage(bytes, id);
				const { outcome, dialogue } = await deliver({ input });
				assert.equal(outcome.exitCode, 0, JSON.stringify(outcome.failure));
				assert.ok(dialogue.includes("C: LHLO [127.0.0.1]") && !dialogue.some((line) => line.startsWith("C: EHLO")));
				const mail = dovecot.mails(ada).find((mail) => mail.includes(id)) ?? Buffer.alloc(0);
				// Dovecot adds its fields before ours, and keeps lines as its own system does.
				const start = mail.indexOf("\nDate: ") + 1;
				assert.equal(difference(canonical(input), canonical(mail.subarray(start))), undefined);
			});

		test("one recipient is unknown, one's mailbox is full: each is told apart", async () => {
			const before = dovecot.mails(ada).length;
			const to = ["nobody@example.org", fullUser, ada];
			const { outcome } = await deliver({ to, input: awkwardMessage(3_000, "three") });
			assert.equal(outcome.exitCode, 3);
			assert.deepEqual(outcome.accepted, [ada]);
			const refusals = outcome.rejected.map(({ address, code }) => [address, code]);
			assert.deepEqual(refusals, [
				["nobody@example.org", 550],
				[fullUser, 552],
			]);
			assert.equal(dovecot.mails(ada).length, before + 1);
			assert.equal(dovecot.mails(fullUser).length, 0);
		});

		test("the only mailbox is full: refused after the message", async () => {
			const { outcome } = await deliver({ to: [fullUser], input: awkwardMessage(3_000, "full") });
			assert.equal(outcome.exitCode, 69);
			assert.deepEqual([outcome.failure?.phase, outcome.failure?.code], ["message", 552]);
			assert.equal(outcome.rejected[0]?.address, fullUser);
		});
	});

test("a Unix socket that is not there", { skip }, async () => {
	const { outcome } = await send({ lmtp: true, host: `${dovecot.lmtpPath}.gone`, to: [ada] });
	assert.equal(outcome.exitCode, 75);
	assert.equal(outcome.failure?.phase, "connect");
});
