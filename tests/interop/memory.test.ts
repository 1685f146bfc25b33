/** What a session takes of the board's memory does not depend on the message, with PIPELINING and CHUNKING too. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Call } from "./client.js";
import { awkwardMessage } from "./message.js";
import { Provider } from "./provider.js";

const provider = await Provider.start();
const { skip } = provider;

/** What a session with a message of so many bytes uses, with AUTH. */
async function memory(bytes: number, call: Call): Promise<{ used: number; slotSize: number }> {
	const input = awkwardMessage(bytes, `memory${bytes}`);
	const { outcome, figures } = await provider.send({
		...call,
		security: "none",
		input,
		trace: false,
		collectAlways: true,
	});
	assert.equal(outcome.exitCode, 0, JSON.stringify(outcome.failure));
	const { usedPeak, idleSlots, idleChunks, slotSize } = figures;
	return { used: usedPeak - idleSlots * slotSize - idleChunks, slotSize };
}

suite("memory above idle", { skip }, () => {
	const ways: Record<string, Call> = {
		"CHUNKING and PIPELINING": { chunking: true },
		"PIPELINING without CHUNKING": { chunking: false },
		"neither of them": { pipelining: false },
	};
	for (const [way, call] of Object.entries(ways))
		test(`at most 2,560 bytes, and the same for 200 bytes, 20 KB and 1 MB: ${way}`, async (t) => {
			const used: number[] = [];
			for (const bytes of [200, 20_000, 1_000_000]) {
				const figures = await memory(bytes, call);
				if (figures.slotSize !== 16)
					return t.skip("this machine builds no 32-bit engine, whose figures are the chip's");
				used.push(figures.used);
			}
			t.diagnostic(`${way}: ${used.join(", ")} bytes`);
			assert.ok(Math.max(...used) <= 2_560, `too much: ${used}`);
			assert.ok(Math.max(...used) - Math.min(...used) <= 64, `it depends on the message: ${used}`);
		});
});
