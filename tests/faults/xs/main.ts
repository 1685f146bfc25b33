/** Tries each fault at each byte of each dialogue, or at every n-th, and reports what came of it. */
import config from "mc/config";
import { SMTPError } from "smtp/error";
import Desk from "virtual/desk";
import { type Dialogue, dialogues, type Outcome, talk } from "./dialogues";
import { Direction, faults, strange, type Trouble } from "./wire";

const { step } = config as unknown as { step: number };

/** After so many conversations the heap is looked at. */
const BATCH = 500;

const counts = {
	conversations: 0,
	sent: 0,
	errors: 0,
	/** The server has the message and the client could not know. */
	doubles: 0,
	/** An inserted 250 was taken for the server's word, or the server said 250 to a command that came otherwise. */
	misled: 0,
	hangs: 0,
	leaks: 0,
	falseSent: 0,
	needlessDoubles: 0,
	untyped: 0,
};

/** They change what is said. */
const altering: readonly string[] = ["flip", "double", "drop", "insert"];

/** What was wrong with an outcome, or undefined. */
function judge(dialogue: Dialogue, trouble: Trouble, outcome: Outcome): string | undefined {
	const { wire, server, sent, errors, isClosed, isOver } = outcome;
	const { taken, answeredAt } = server;
	if (sent === dialogue.messages) counts.sent++;
	if (errors.length) counts.errors++;
	if (!isOver || errors.length + Number(isClosed) !== 1) {
		counts.hangs++;
		return `hangs: ${errors.length} errors, ${isClosed ? "" : "not "}closed`;
	}
	if (wire.opened !== wire.closed) {
		counts.leaks++;
		return `${wire.opened} sockets opened, ${wire.closed} closed`;
	}
	const [error] = errors;
	if (error && (!(error instanceof SMTPError) || !error.kind || !error.phase || error.message.includes("\n"))) {
		counts.untyped++;
		return `no typed error: ${error}`;
	}
	const isGarbled = trouble.direction === Direction.ToServer && altering.includes(trouble.fault);
	const isForged = trouble.direction === Direction.ToClient && trouble.fault === "insert";
	if (sent > taken.length) {
		// A chunk that the server does not know for the last one is taken with the same word.
		const isMisled = isForged
			? strange[trouble.position % strange.length]?.startsWith("250")
			: isGarbled && dialogue.options?.chunking;
		if (!isMisled) {
			counts.falseSent++;
			return `${sent} sent, the server has ${taken.length}`;
		}
		counts.misled++;
	}
	// What the server understood of words that came otherwise is not for the client to know: it may have refused them before.
	const known = answeredAt.filter((position) => position <= wire.delivered).length;
	if (sent < known && !isGarbled) {
		counts.needlessDoubles++;
		return `the server had said of ${known} messages that they are taken, ${sent} were told as sent: ${error}`;
	}
	if (taken.length > sent) counts.doubles++;
	return undefined;
}

const problems: string[] = [];
let index = 0;
for (const dialogue of dialogues) {
	const whole = talk(dialogue, undefined);
	if (whole.sent !== (dialogue.refuses ? 0 : dialogue.messages) || !whole.isClosed)
		problems.push(`${dialogue.name} without faults: ${whole.sent} sent, ${whole.errors}`);
	for (const direction of [Direction.ToServer, Direction.ToClient])
		for (let position = 0; position < (whole.wire.counts[direction] as number); position++)
			for (const fault of faults) {
				if (index++ % step) continue;
				const trouble = { direction, fault, position };
				const problem = judge(dialogue, trouble, talk(dialogue, trouble));
				if (problem && problems.length < 20)
					problems.push(
						`${dialogue.name}, ${fault} at ${position} to the ${direction ? "client" : "server"}: ${problem}`,
					);
				if (counts.conversations++ % BATCH === 0) {
					Desk.mark();
					Desk.report("mark");
				}
			}
}
Desk.mark();
Desk.report("mark");
Desk.report(JSON.stringify({ ...counts, places: index, problems }));
Desk.exit(0);
