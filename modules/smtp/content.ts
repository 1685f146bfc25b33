import { chunkEnd } from "./chunk";
import { type Connection, Flushed } from "./connection";
import { DataEncoder, endData } from "./encoder";
import { messageOf } from "./error";
import type { Output } from "./output";
import type { Writer } from "./session";
import type { MessageSource } from "./types";

/**
 * Chunks that may wait for their replies. Where one is refused, those behind it are too, and servers hang up on clients with
 * more errors than that (Postfix: 20), which would take the reason with it. The chip's TCP has two under way.
 */
const CHUNKS_AHEAD = 8;

/** Room that a source finds at least, in bytes. Less would do, but some would have to copy. */
const SOURCE_ROOM = 80;

/** Bytes that are left before what is read, for what is inserted. Where that is more, what has been written must go first. */
const INSERTED_ROOM = 48;

/** Room that a message must find behind its envelope to go with it. */
export const CONTENT_ROOM = 2 * SOURCE_ROOM;

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const MESSAGE = "message";
const BLOCK = "block";
const FINAL = "final";
const BDAT = "BDAT";
const BDAT_SIZE = "BDAT ";
const LAST = " LAST";

/** Where the message is. */
export const enum ContentState {
	/** Its source has more. */
	Sending,
	/** All of it, and the mark of its end, is in the output. */
	Written,
	/** All of it has gone. */
	Sent,
}

/**
 * The message on its way from its source to the socket, through the one buffer: after DATA, line by line with the final
 * dot (RFC 5321, 4.1.1.4), or in chunks of a buffer each, the last one marked (BDAT, RFC 3030).
 */
export class Content implements Writer {
	state: ContentState = ContentState.Sending;
	/** BDAT commands written. */
	chunks = 0;
	/** Replies received to the message, or to its chunks. */
	answered = 0;
	private connection: Connection;
	private source: MessageSource | undefined;
	private chunked: boolean;
	/** The server takes no bytes beyond ASCII: they are looked for. */
	declare isSevenBit?: boolean;
	/** For a source that is not canonical. */
	declare private encoder?: DataEncoder;
	/** The source has no more, but a part of it waits in the output for a chunk of its own. */
	declare private isRead?: boolean;

	/** @param source the message; undefined for none, where only its end can still be said */
	constructor(connection: Connection, source: MessageSource | undefined, chunked: boolean) {
		this.connection = connection;
		this.source = source;
		this.chunked = chunked;
		if (!source?.canonical) this.encoder = new DataEncoder(!chunked);
		connection.writer = this;
		connection.deadline(MESSAGE, BLOCK);
	}

	/** How many replies its sending gets, as far as it has gone. */
	get replies(): number {
		return this.chunked ? this.chunks : 1;
	}

	/** Fills the output and hands it to the socket, until the one has no more bytes or the other no more room. */
	onWritable(): void {
		const { connection } = this;
		const { output } = connection;
		while (this.state !== ContentState.Sent) {
			// The first chunk goes with the commands that are waiting, in one packet.
			const isFirstChunk = this.chunked && this.chunks === 0;
			const flushed = isFirstChunk ? Flushed.Ready : connection.flush();
			if (flushed === Flushed.Waiting) return;
			if (this.state === ContentState.Written) {
				this.state = ContentState.Sent;
				return connection.deadline(MESSAGE, FINAL);
			}
			if (this.chunks - this.answered >= CHUNKS_AHEAD || !this.fill(output)) return;
			connection.hasMoved = true;
			// what is ready goes at once when the socket has room again
			if (flushed === Flushed.Full) return;
		}
	}

	/** Stops after the chunks that have been written; the session will say RSET. */
	abort(): void {
		if (this.state !== ContentState.Sending) return;
		const { output } = this.connection;
		output.length = output.committed; // no chunk will have what the last one left
		this.state = ContentState.Written;
		this.onWritable();
	}

	/**
	 * Writes a block to the output, or what is left of the message and the mark of its end.
	 * @returns false if the source has failed
	 */
	private fill(output: Output): boolean {
		const { committed } = output;
		const start = this.chunked ? committed + commandBytes(output) : committed;
		let end = start;
		try {
			if (output.length > committed) end = moveRest(output, start);
			if (this.isRead) this.state = ContentState.Written;
			else end = this.encoder ? this.encode(this.encoder, output, end) : this.copy(output, end);
		} catch (e) {
			// The message is cut off in the middle: only closing keeps the server from taking it for whole.
			this.connection.fail("body", `the message's source failed: ${messageOf(e)}`, false);
			return false;
		}
		if (this.isSevenBit && !isASCII(output.bytes, start, end)) {
			this.connection.fail("unsupported", "the message needs 8BITMIME, which the server does not offer", false);
			return false;
		}
		if (this.chunked) this.writeChunk(output, start, end);
		else output.length = output.committed = end;
		return true;
	}

	/** Lets a canonical source write to the output, as long as it finds its room there. */
	private copy(output: Output, to: number): number {
		const { capacity } = output;
		for (let room = capacity - to; room >= SOURCE_ROOM; room = capacity - to) {
			const count = this.source!.read(output.room(to));
			if (!(count > 0 && count <= room)) {
				this.checkEnd(count);
				return this.chunked ? to : endData(output.bytes, to);
			}
			to += count;
		}
		return to;
	}

	/** Reads to the output, behind the room for what is inserted, and has it encoded to where it belongs. */
	private encode(encoder: DataEncoder, output: Output, to: number): number {
		const { bytes, capacity } = output;
		let { position, end } = encoder;
		for (;;) {
			if (position === end) {
				position = to + INSERTED_ROOM;
				const room = capacity - position;
				if (room < SOURCE_ROOM) return to;
				const count = this.source ? this.source.read(output.room(position)) : 0;
				if (!(count > 0 && count <= room)) {
					this.checkEnd(count);
					return encoder.finish(bytes, to);
				}
				end = position + count;
			}
			to = encoder.encode(bytes, position, end, to);
			position = encoder.position;
			if (position < end) return to;
		}
	}

	/** A source has read nothing, which is its end, or what cannot be. */
	private checkEnd(count: number): void {
		if (count !== 0) throw new Error(`read returned ${count}`);
		this.state = ContentState.Written;
	}

	/** Writes the command before a chunk, which has been written behind its place, and commits both; the rest waits for another. */
	private writeChunk(output: Output, start: number, end: number): void {
		const { bytes, committed } = output;
		const size = chunkEnd(bytes, start, end) - start;
		const rest = end - start - size;
		let command = BDAT_SIZE + size;
		if (this.state === ContentState.Written) {
			if (rest) {
				this.state = ContentState.Sending;
				this.isRead = true;
			} else command += LAST;
		}
		const to = committed + command.length + 2;
		if (to !== start) bytes.copyWithin(to, start, end);
		output.length = committed;
		output.begin(BDAT);
		output.text(command);
		output.end();
		output.committed = to + size;
		output.length = to + size + rest;
		this.chunks++;
	}
}

/** Moves what the last chunk has left to where the next begins; @returns its end */
const moveRest = ({ bytes, committed, length }: Output, start: number): number => {
	bytes.copyWithin(start, committed, length);
	return start + length - committed;
};

const isASCII = (bytes: Uint8Array, from: number, end: number): boolean => {
	while (from < end) if (bytes[from++]! > 127) return false;
	return true;
};

/** Octets that a chunk's command has as a rule, its line end included: a size of up to three or four digits. */
const commandBytes = ({ capacity }: Output): number => (capacity < 1010 ? 10 : 11);
