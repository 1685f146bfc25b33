import { DataEncoder, endData } from "./encoder";
import type { Session } from "./session";
import type { MessageSource } from "./types";

/**
 * Chunks that may wait for their replies. Where one is refused, those behind it are too, and servers hang up on clients with
 * more errors than that (Postfix: 20), which would take the reason with it. The chip's TCP has two under way.
 */
const CHUNKS_AHEAD = 8;

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
	#session: Session;
	#source: MessageSource | undefined;
	/** None for a canonical source. */
	#encoder: DataEncoder | undefined;
	/** The command before a full chunk, and the octets it takes with its line end; 0 where there are no chunks. */
	#command = "";
	#commandBytes = 0;
	#inChunk = false;
	#aborted = false;
	#inputStart = 0;
	#inputEnd = 0;

	/** @param source the message; undefined for none, where only its end can still be said */
	constructor(session: Session, source: MessageSource | undefined, chunked: boolean) {
		this.#session = session;
		this.#source = source;
		if (!source?.canonical) this.#encoder = new DataEncoder(!chunked);
		if (!chunked) return;
		const { capacity } = session.connection.output;
		this.#commandBytes = capacity < 1010 ? 10 : 11;
		this.#command = `BDAT ${capacity - this.#commandBytes}`;
	}

	/**
	 * Fills the output and hands it to the socket, until the one has no more bytes or the other no more room. The first chunk
	 * goes with the commands that are waiting, in one packet.
	 * @param answered the chunks that the server has replied to
	 */
	send(answered = 0): void {
		const { connection } = this.#session;
		const { output } = connection;
		if (this.state === ContentState.Sent) return;
		connection.deadline("message", this.#session.timeout("block"));
		while (this.state !== ContentState.Sent) {
			const commands = this.#command && this.chunks === 0 ? output.committed : 0;
			const ahead = this.chunks - answered >= CHUNKS_AHEAD;
			while (this.state === ContentState.Sending && !this.#aborted && !ahead && output.committed === commands)
				if (!this.fill()) return;
			if (!connection.flush()) return;
			if (this.state === ContentState.Written) {
				this.state = ContentState.Sent;
				connection.deadline("message", this.#session.timeout("final"));
			} else if (this.#aborted) {
				output.length = 0;
				this.state = ContentState.Sent;
			} else if (ahead) return;
		}
	}

	/** Stops after the chunks that have been written; the session will say RSET. */
	abort(): void {
		this.#aborted = true;
		this.send(this.chunks);
	}

	/** Adds a piece of the message to the output; false if its source has failed. */
	private fill(): boolean {
		const { output } = this.#session.connection;
		if (this.#inputStart === this.#inputEnd && !this.read(output.input)) return false;
		if (this.#command && !this.#inChunk) this.beginChunk();
		if (this.#inputEnd === 0) {
			if (this.#encoder) output.length = this.#encoder.finish(output.bytes, output.length);
			else if (!this.#command) output.length = endData(output.bytes, output.length);
			this.state = ContentState.Written;
		} else this.take();
		const written = this.state === ContentState.Written;
		if (written || output.length >= output.capacity) {
			const end = written ? output.length : output.capacity;
			if (this.#command) this.endChunk(end);
			else output.committed = end;
		}
		return true;
	}

	/** Moves what was read to the output: as it is where it needs no change, else through the encoder. */
	private take(): void {
		const { output } = this.#session.connection;
		const { bytes, limit, length } = output;
		const from = limit + this.#inputStart;
		const end = limit + this.#inputEnd;
		if (!this.#encoder) {
			const count = end - from < limit - length ? end - from : limit - length;
			bytes.copyWithin(length, from, from + count);
			output.length += count;
			this.#inputStart += count;
		} else {
			output.length = this.#encoder.encode(bytes, from, end, length, limit);
			this.#inputStart = this.#encoder.position - limit;
		}
	}

	/** Leaves room for the command; what the encoder wrote beyond the chunk before begins this one. */
	private beginChunk(): void {
		const { output } = this.#session.connection;
		const { committed, length } = output;
		output.bytes.copyWithin(committed + this.#commandBytes, committed, length);
		output.length = length + this.#commandBytes;
		this.#inChunk = true;
	}

	/** Writes the command before the chunk, which begins behind what is committed, and commits both. */
	private endChunk(end: number): void {
		const { output } = this.#session.connection;
		const { committed, length } = output;
		const start = committed + this.#commandBytes;
		const last = this.state === ContentState.Written;
		const command = committed || last ? `BDAT ${end - start}${last ? " LAST" : ""}` : this.#command;
		const moved = command.length + 2 - this.#commandBytes;
		if (moved) output.bytes.copyWithin(start + moved, start, length);
		output.length = committed;
		output.begin("BDAT");
		output.text(command);
		output.end();
		output.length = length + moved;
		output.committed = end + moved;
		this.#inChunk = false;
		this.chunks++;
	}

	private read(input: Uint8Array): boolean {
		const { connection } = this.#session;
		this.#inputStart = this.#inputEnd = 0;
		if (!this.#source) return true;
		try {
			const count = this.#source.read(input);
			if (!(count >= 0 && count <= input.length)) throw new Error(`read returned ${count}`);
			this.#inputEnd = count;
			return true;
		} catch (e) {
			// The message is cut off in the middle: only closing keeps the server from taking it for whole.
			connection.fail("body", `the message's source failed: ${e instanceof Error ? e.message : e}`, false);
			return false;
		}
	}
}
