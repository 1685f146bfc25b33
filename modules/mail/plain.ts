import { MailError } from "./error";
import type { Pieces } from "./pieces";
import type { Writer } from "./writer";

const enum Code {
	LF = 10,
	CR = 13,
	DOT = 46,
}

/**
 * Writes as much as fits of a text as it is, every line end as CRLF: 7bit and 8bit (RFC 2045, 2.7 and 2.8).
 * @returns true at the end
 * @throws MailError for a dot at the beginning of a line
 */
export const plain = (writer: Writer, pieces: Pieces): boolean => {
	const { limit } = writer;
	const target = writer.target!;
	let { bytes } = pieces;
	let { at, lineStart } = writer;
	let { position: from, spanTo: to, phase: before } = writer;
	while (at <= limit) {
		if (from === to) {
			from = 0;
			to = pieces.next();
			if (!to) break;
			bytes = pieces.bytes;
		}
		const code = bytes[from++]!;
		if (code > Code.DOT) target[at++] = code;
		else if (code !== Code.CR && code !== Code.LF) {
			// the survey has not let it pass: a source that says something else now could end the mail here
			if (code === Code.DOT && at === lineStart) throw new MailError("text", "has changed since it was first read");
			target[at++] = code;
		} else if (code === Code.CR || before !== Code.CR) {
			target[at] = Code.CR;
			target[at + 1] = Code.LF;
			lineStart = at += 2;
		}
		before = code;
	}
	writer.at = at;
	writer.lineStart = lineStart;
	writer.position = from;
	writer.spanTo = to;
	writer.phase = before;
	return !to;
};
