/** What a session takes of the board's memory does not depend on the message, with PIPELINING and CHUNKING too. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { command } from "../commands/command.js";
import { account } from "./dovecot.js";
import { awkwardMessage } from "./message.js";
import { Provider } from "./provider.js";

const provider = new Provider();
const { skip } = provider;

/** What `./build.sh send --json` says of a session with a message of so many bytes, with AUTH. */
async function memory(bytes: number, ...options: string[]): Promise<{ used: number; slotSize: number }> {
	const where = ["--host", "127.0.0.1", "--port", String(provider.postfix.port), "--tls", "none"];
	const login = ["--user", account.user, "--password-env", "PASSWORD", "--allow-cleartext-auth"];
	const mail = ["--from", "ada@example.org", "--to", "bob@example.org", "--raw", "--json"];
	const { stdout } = await command("send", [...where, ...login, ...mail, ...options], {
		env: { PASSWORD: account.password },
		input: awkwardMessage(bytes, `memory${bytes}`),
	});
	const { ok, error, heap } = JSON.parse(stdout);
	assert.ok(ok, JSON.stringify(error));
	return { used: heap.peakBytes - heap.idleBytes, slotSize: heap.slotSize };
}

suite("memory above idle", { skip }, () => {
	const ways: Record<string, string[]> = {
		"CHUNKING and PIPELINING": [],
		"PIPELINING without CHUNKING": ["--no-chunking"],
		"neither of them": ["--no-pipelining"],
	};
	for (const [way, options] of Object.entries(ways))
		test(`at most 3,072 bytes, and the same for 200 bytes, 20 KB and 1 MB: ${way}`, async (t) => {
			const used: number[] = [];
			for (const bytes of [200, 20_000, 1_000_000]) {
				const figures = await memory(bytes, ...options);
				if (figures.slotSize !== 16)
					return t.skip("this machine builds no 32-bit engine, whose figures are the chip's");
				used.push(figures.used);
			}
			t.diagnostic(`${way}: ${used.join(", ")} bytes`);
			assert.ok(Math.max(...used) <= 3_072, `too much: ${used}`);
			assert.ok(Math.max(...used) - Math.min(...used) <= 64, `it depends on the message: ${used}`);
		});
});
