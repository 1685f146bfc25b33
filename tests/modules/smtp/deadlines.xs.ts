/** When a server that does not take the message any more is given up. */
import { deepEqual, ok, test } from "harness";
import Timer from "timer";
import { type Conversation, converse, mail } from "./conversation";
import { hello, ScriptedSocket } from "./server";

const BLOCK_MS = 1_000;
const FINAL_MS = 1_700;

/** How long the socket takes for a block, by their number; undefined for ever. */
type Pace = (block: number) => number | undefined;

interface Attempt {
	events: string[];
	/** Blocks that were written. */
	blocks: number;
	/** From the first block to the last, and from there to the end. */
	movingMs: number;
	waitingMs: number;
}

/** Sends a message to a server that never says anything to it, by DATA or in chunks. */
async function attempt(bytes: number, pace: Pace, chunking = false): Promise<Attempt> {
	const writes: number[] = [];
	let isMessage = false;
	class Slow extends ScriptedSocket {
		override write(block: Uint8Array): number {
			if (isMessage) writes.push(Date.now());
			return super.write(block);
		}
		override writable(): void {
			const ms = isMessage ? pace(writes.length) : 0;
			if (ms !== undefined) Timer.set(() => super.writable(), ms);
		}
	}
	const { events }: Conversation = await converse(hello("PIPELINING", "CHUNKING"), {
		Socket: Slow,
		room: 512,
		chunking,
		timeouts: { block: BLOCK_MS, final: FINAL_MS },
		mail: mail("0123456789 0123456789 0123456789\r\n".repeat(bytes / 34)),
		hear(text, say) {
			if (text.startsWith("MAIL")) {
				say(`250 ok\r\n250 ok\r\n${chunking ? "" : "354 go\r\n"}`);
				isMessage = true;
			}
		},
	});
	const [first = Number.NaN] = writes;
	const last = writes.at(-1) ?? Number.NaN;
	return { events, blocks: writes.length, movingMs: last - first, waitingMs: Date.now() - last };
}

const assertWithin = (ms: number, least: number, most: number): void =>
	ok(ms >= least && ms <= most, `${ms} is not from ${least} to ${most}`);

for (const chunking of [false, true]) {
	const way = chunking ? "BDAT" : "DATA";

	test(`${way}: a message that moves on has all the time it needs; once it stops, one period passes, or two`, async () => {
		for (const ms of [10, 400, 600, 990]) {
			const { events, blocks, movingMs, waitingMs } = await attempt(
				3_400,
				(block) => (block < 6 ? ms : undefined),
				chunking,
			);
			deepEqual(events, ["ready", "error timeout message"]);
			assertWithin(blocks, 6, 7);
			assertWithin(movingMs, 3 * ms, 6 * ms + 50);
			assertWithin(waitingMs, BLOCK_MS, 2 * BLOCK_MS + 50);
		}
	});

	test(`${way}: when all has gone, the last word has its own time, exactly`, async () => {
		const { events, waitingMs } = await attempt(2_040, () => 300, chunking);
		deepEqual(events, ["ready", "error timeout message"]);
		// counted from when the last block has gone, or found the socket's room
		assertWithin(waitingMs, FINAL_MS, FINAL_MS + 50);
	});
}

test("a server that takes one block, and no more", async () => {
	const { events, blocks, waitingMs } = await attempt(3_400, () => undefined);
	deepEqual(events, ["ready", "error timeout message"]);
	deepEqual(blocks, 1);
	assertWithin(waitingMs, BLOCK_MS, 2 * BLOCK_MS + 50);
});
