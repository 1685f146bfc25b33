/** What the desk and the engine say to each other; the other side, with the meaning of each kind, is engine/frames.h. */
export const FrameKind = {
	creation: "c",
	module: "m",
	preloaded: "M",
	preload: "p",
	resource: "o",
	share: "s",
	run: "r",
	event: "e",
	collect: "g",
	mark: "k",
	figures: "f",
	answer: "=",
	nothing: "n",
	quit: "q",
	trace: "t",
	error: "!",
	command: "d",
	ask: "?",
	profile: "l",
	end: "x",
	idle: ".",
} as const;

/** One frame as received: its kind, a character, and its body. */
export interface Frame {
	kind: string;
	body: Buffer;
}

const HEAD_BYTES = 5;
/** What the engine says at once is a few kilobytes at most. */
const MOST_BYTES = 32 * 1024 * 1024;

/** A frame as bytes: length of the body (4 bytes, little-endian), kind (1 byte), body. */
export function encodeFrame(kind: string, ...parts: (string | Uint8Array)[]): Buffer {
	const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
	const head = Buffer.alloc(HEAD_BYTES);
	head.writeUInt32LE(body.length, 0);
	head.write(kind, 4, "latin1");
	return Buffer.concat([head, body]);
}

/** Puts frames together from bytes in any fragmentation. */
export class FrameDecoder {
	#parts: Buffer[] = [];
	#length = 0;

	/** Takes bytes and gives the frames that are complete. @throws where a frame is longer than any can be */
	*push(bytes: Buffer): Generator<Frame> {
		this.#parts.push(bytes);
		this.#length += bytes.length;
		for (;;) {
			if (this.#length < HEAD_BYTES) return;
			const head = this.#peek(HEAD_BYTES);
			const length = head.readUInt32LE(0);
			if (length > MOST_BYTES) throw new Error(`the engine says a frame of ${length} bytes`);
			if (this.#length < HEAD_BYTES + length) return;
			this.#take(HEAD_BYTES);
			yield { kind: String.fromCharCode(head[4] as number), body: this.#take(length) };
		}
	}

	#peek(count: number): Buffer {
		if ((this.#parts[0] as Buffer).length < count) this.#parts = [Buffer.concat(this.#parts)];
		return (this.#parts[0] as Buffer).subarray(0, count);
	}

	#take(count: number): Buffer {
		if (!count) return Buffer.alloc(0);
		const result = this.#peek(count);
		const rest = (this.#parts[0] as Buffer).subarray(count);
		if (rest.length) this.#parts[0] = rest;
		else this.#parts.shift();
		this.#length -= count;
		return result;
	}
}

/** A command, question or event: words, the second of them the resource's number, and bytes. */
export interface DeviceCall {
	what: string;
	resource: number;
	details: string[];
	data: Buffer;
}

/** @throws where its words have no end */
export function decodeCall(body: Buffer): DeviceCall {
	const end = body.indexOf(0);
	if (end < 0) throw new Error("the engine says words without an end");
	const [what = "", resource = "0", ...details] = body.toString("latin1", 0, end).split(" ");
	return { what, resource: Number(resource), details, data: body.subarray(end + 1) };
}
