/** How a session went, in sentences. */
import { printable, type Style } from "../terminal.js";
import type { Job } from "./job.js";
import type { Heap, Outcome, Refusal } from "./outcome.js";

/** Lines for a person; texts of the server are made safe to show. */
export function describeOutcome(outcome: Outcome, job: Job, style: Style): string {
	const lines: string[] = [];
	if (outcome.accepted.length > 0) {
		const all = outcome.accepted.map((address) => printable(address)).join(", ");
		lines.push(`${style.green("Sent.")} ${printable(job.host)} accepted it for ${all}.`);
	}
	for (const refusal of outcome.rejected)
		lines.push(`${style.red("Refused:")} ${printable(refusal.address)}: ${describeReply(refusal)}`);
	const { failure, verification } = outcome;
	if (verification) lines.push(`${printable(job.host)} says: ${describeReply(verification)}`);
	if (failure) {
		const when = failure.phase ? ` (${failure.phase})` : "";
		lines.push(`${style.red("Not sent")}${when}: ${describeReply(failure)}`);
		if (outcome.hint) lines.push(outcome.hint);
		if (failure.temporary) lines.push("Trying again later may help.");
	}
	return lines.map((line) => `${line}\n`).join("");
}

function describeReply({
	code,
	enhanced,
	text,
}: Partial<Pick<Refusal, "code" | "enhanced">> & { text: string }): string {
	const codes = [code, enhanced].filter((part) => part !== undefined).join(" ");
	return printable(codes ? `${codes} ${text}` : text, true).replaceAll("\n", "\n  ");
}

/** What the session took of the memory of the board's JavaScript engine, XS. */
export function describeHeap({ idleBytes, peakBytes, stackPeakBytes, slotSize }: Heap): string {
	const not = slotSize === 16 ? "" : " (64-bit engine: not the chip's figures)";
	return `Memory of the board's JavaScript engine: ${idleBytes} bytes before, at most ${peakBytes - idleBytes} more while sending, stack ${stackPeakBytes}${not}.\n`;
}
