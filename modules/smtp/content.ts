import type { Connection } from "./connection";
import { DataEncoder, endData } from "./encoder";
import { Layout, type Output } from "./output";
import type { Session } from "./session";
import type { MessageSource } from "./types";

/**
 * Chunks that may wait for their replies. Where one is refused, those behind it are too, and servers hang up on clients with
 * more errors than that (Postfix: 20), which would take the reason with it. The chip's TCP has two under way.
 */
const CHUNKS_AHEAD = 8;

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
export class Content {
	state: ContentState = ContentState.Sending;
	/** BDAT commands written. */
	chunks = 0;
	private session: Session;
	private source: MessageSource | undefined;
	/** None for a canonical source. */
	private encoder: DataEncoder | undefined;
	/** Octets of the command before a full chunk, with its line end; 0 where there are no chunks. */
	private commandBytes = 0;
	private inChunk = false;
	/** Milliseconds for a block. */
	private blockMs: number;
	private aborted = false;

	/** @param source the message; undefined for none, where only its end can still be said */
	constructor(session: Session, source: MessageSource | undefined, chunked: boolean) {
		this.session = session;
		this.source = source;
		this.blockMs = session.connection.time(BLOCK);
		if (!source?.canonical) this.encoder = new DataEncoder(!chunked);
		if (chunked) this.commandBytes = session.connection.output.capacity < 1010 ? 10 : 11;
	}

	/**
	 * Fills the output and hands it to the socket, until the one has no more bytes or the other no more room. The first chunk
	 * goes with the commands that are waiting, in one packet.
	 * @param answered the chunks that the server has replied to
	 */
	send(answered = 0): void {
		const { connection } = this.session;
		const { output } = connection;
		if (this.state === ContentState.Sent) return;
		connection.phase = MESSAGE;
		let isWaiting = false;
		let hasMoved = false;
		while (!isWaiting) {
			const commands = this.commandBytes && this.chunks === 0 ? output.committed : 0;
			const ahead = this.chunks - answered >= CHUNKS_AHEAD;
			while (this.state === ContentState.Sending && !this.aborted && !ahead && output.committed === commands) {
				if (!this.fill(connection, output)) return;
				hasMoved = true;
			}
			if (!connection.flush()) isWaiting = true;
			else if (this.state === ContentState.Written) {
				this.state = ContentState.Sent;
				return connection.deadline(MESSAGE, FINAL);
			} else if (this.aborted) {
				output.length = 0;
				this.state = ContentState.Sent;
				isWaiting = hasMoved = true;
			} else if (ahead) isWaiting = hasMoved = true;
		}
		// A block has been taken, or a reply is what is waited for: the time begins anew.
		if (hasMoved) connection.expire(MESSAGE, this.blockMs);
	}

	/** Stops after the chunks that have been written; the session will say RSET. */
	abort(): void {
		this.aborted = true;
		this.send(this.chunks);
	}

	/**
	 * Adds a piece of the message to the output: a canonical source writes it there, another one behind it, from where the
	 * encoder takes it. False if the source has failed.
	 */
	private fill(connection: Connection, output: Output): boolean {
		const encoder = this.encoder;
		const commandBytes = this.commandBytes;
		if (commandBytes && !this.inChunk) this.beginChunk(output);
		const { bytes, capacity, length } = output;
		let from = encoder ? encoder.position : length;
		let end = encoder ? encoder.end : length;
		if (from === end) {
			from = encoder ? capacity + Layout.Read : length;
			try {
				const room = output.room(from);
				const count = this.source ? this.source.read(room) : 0;
				if (!(count >= 0 && count <= room.length)) throw new Error(`read returned ${count}`);
				end = from + count;
			} catch (e) {
				// The message is cut off in the middle: only closing keeps the server from taking it for whole.
				connection.fail("body", `the message's source failed: ${e instanceof Error ? e.message : e}`, false);
				return false;
			}
		}
		// the source has no more
		const written = from === end;
		let to = end;
		if (written) {
			this.state = ContentState.Written;
			if (encoder) to = encoder.finish(bytes, length);
			else if (!commandBytes) to = endData(bytes, length);
		} else if (encoder) {
			to = encoder.encode(bytes, from, end, length, capacity + Layout.Read);
		}
		output.length = to;
		if (!written && to < capacity) return true;
		if (commandBytes) this.endChunk(output, written ? to : capacity);
		else output.committed = written ? to : capacity;
		return true;
	}

	/** Leaves room for the command; what was written beyond the chunk before begins this one. */
	private beginChunk(output: Output): void {
		const { committed, length } = output;
		const start = committed + this.commandBytes;
		if (length > committed) output.bytes.copyWithin(start, committed, length);
		output.length = length + this.commandBytes;
		this.inChunk = true;
	}

	/** Writes the command before the chunk, which begins behind what is committed, and commits both. */
	private endChunk(output: Output, end: number): void {
		const { bytes, capacity, committed, length } = output;
		const spare = capacity + Layout.Command;
		const last = this.state === ContentState.Written;
		const start = committed + this.commandBytes;
		const isUsual = end - start === capacity - this.commandBytes && !last;
		let moved = 0;
		if (isUsual && bytes[spare]) bytes.copyWithin(committed, spare, spare + this.commandBytes);
		else {
			let command = BDAT_SIZE + (end - start);
			if (last) command += LAST;
			moved = command.length + 2 - this.commandBytes;
			if (moved) bytes.copyWithin(start + moved, start, length);
			output.length = committed;
			output.begin(BDAT);
			output.text(command);
			output.end();
			// with a buffer of 1010, it is shorter than where it begins leaves room for
			if (isUsual && !moved) bytes.copyWithin(spare, committed, start);
		}
		output.length = length + moved;
		output.committed = end + moved;
		this.inChunk = false;
		this.chunks++;
	}
}
