import type { Source } from "./source";
import { base64 } from "./strings";
import { ROOM, type Writer } from "./writer";

/** A line has 76 characters for 57 bytes. */
const LINE_BYTES = 57;
const LINE_CHARACTERS = 76;
/** Bytes read from a source at a time, and encoded together where there is room. */
const WINDOW = 2 * LINE_BYTES;

const enum Code {
	LF = 10,
	CR = 13,
}

/** Base64 (RFC 2045, 6.8), by the engine's own encoder, a few times as fast as any of ours. It leaves some garbage. */
export class Base64 {
	private source: Source;

	constructor(source: Source) {
		this.source = source;
	}

	reset(): void {
		this.source.reset();
	}

	/**
	 * Writes as much as fits; true at the end, with the last line left open. The bytes of a few lines are read to the end of
	 * the target, their lines written all at once behind where they belong, and then each to its place. (All here, for the
	 * stack is short.)
	 */
	render(writer: Writer): boolean {
		const source = this.source;
		const { limit } = writer;
		const target = writer.target!;
		const room = limit + ROOM;
		let { at } = writer;
		let ended = false;
		while (at <= limit && !ended) {
			let size = (((room - at) / (LINE_CHARACTERS + 2)) | 0) * LINE_BYTES;
			if (size > WINDOW) size = WINDOW;
			let bytes = target.subarray(room - size, room);
			let count = source.read(bytes);
			for (let more = count; more && count < size; count += more) more = source.read(bytes.subarray(count));
			if (count < size) {
				ended = true;
				if (!count) break;
				bytes = bytes.subarray(0, count);
			}
			const text = new Uint8Array(ArrayBuffer.fromString(base64(bytes)));
			count = text.length;
			let from = at + 2 * Math.ceil(count / LINE_CHARACTERS);
			target.set(text, from);
			for (const end = from + count; from < end; from += LINE_CHARACTERS) {
				if (writer.phase) {
					target[at] = Code.CR;
					target[at + 1] = Code.LF;
					at += 2;
				}
				writer.phase = 1;
				const to = end - from < LINE_CHARACTERS ? end : from + LINE_CHARACTERS;
				target.copyWithin(at, from, to);
				at += to - from;
			}
			writer.lineStart = at - 1; // the last line is open
		}
		writer.at = at;
		return ended;
	}
}

/** Octets that so many bytes become, with the line ends between them. */
export const base64Size = (bytes: number): number => {
	const characters = Math.ceil(bytes / 3) * 4;
	return characters + Math.floor((characters ? characters - 1 : 0) / LINE_CHARACTERS) * 2;
};
