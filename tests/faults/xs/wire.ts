import Timer from "timer";
import type { MailServer } from "./server";

/** What can happen to a byte on its way, or to all from it on. */
export const faults = ["end", "reset", "silence", "flip", "double", "drop", "insert"] as const;
export type Fault = (typeof faults)[number];

export const enum Direction {
	ToServer,
	ToClient,
}

/** Where and what. */
export interface Trouble {
	readonly direction: Direction;
	readonly fault: Fault;
	readonly position: number;
}

/** Lines that are not the other's: of a server, and of a client. */
export const strange = [
	"250 2.0.0 strange\r\n",
	"550 5.0.0 strange\r\n",
	"\r\n",
	"strange\r\n",
	"421 4.3.2 strange\r\n",
	"354 strange\r\n",
];
const commands = ["NOOP\r\n", "\r\n", "strange\r\n", "RSET\r\n", "QUIT\r\n"];

/** One connection, perhaps with TLS put on it later, on which one thing goes wrong. */
export class Wire {
	/** Bytes that have been said, by direction, before anything went wrong with them. */
	readonly counts = [0, 0];
	opened = 0;
	closed = 0;
	socket: WireSocket | undefined;
	/** Bytes that the client got as the server said them, from the first on. */
	delivered = 0;
	readonly server: MailServer;
	private trouble: Trouble | undefined;
	private isSilent = [false, false];
	private isAltered = false;

	constructor(server: MailServer, trouble: Trouble | undefined) {
		this.server = server;
		this.trouble = trouble;
	}

	fromClient(text: string): void {
		const heard = this.carry(Direction.ToServer, text);
		const answer = heard && this.server.hear(heard);
		if (answer) this.fromServer(answer);
	}

	fromServer(text: string): void {
		const heard = this.carry(Direction.ToClient, text);
		const { socket } = this;
		if (heard) Timer.set(() => socket?.receive(heard));
	}

	/** The bytes as they arrive. */
	private carry(direction: Direction, text: string): string {
		const from = this.counts[direction] as number;
		const { trouble } = this;
		this.counts[direction] = from + text.length;
		if (this.isSilent[direction]) return "";
		const at = (trouble?.position ?? -1) - from;
		const isHere = trouble?.direction === direction && at >= 0 && at < text.length;
		if (direction === Direction.ToClient && !this.isAltered) this.delivered = from + (isHere ? at : text.length);
		if (!trouble || !isHere) return text;
		const before = text.slice(0, at);
		const byte = text.charAt(at);
		const after = text.slice(at + 1);
		if (direction === Direction.ToClient) this.isAltered = true;
		switch (trouble.fault) {
			case "flip":
				return before + String.fromCharCode(byte.charCodeAt(0) ^ (1 << (trouble.position & 7))) + after;
			case "double":
				return before + byte + byte + after;
			case "drop":
				return before + after;
			case "insert": {
				const lines = direction === Direction.ToClient ? strange : commands;
				return before + lines[trouble.position % lines.length] + byte + after;
			}
		}
		this.isSilent[direction] = true;
		if (trouble.fault === "silence") return before;
		this.isSilent = [true, true];
		const { socket } = this;
		const isReset = trouble.fault === "reset";
		Timer.set(() => socket?.end(isReset), 1);
		return before;
	}
}

/** Has the ways of the SDK's lwIP socket. */
export class WireSocket {
	private wire: Wire;
	private callbacks: {
		onReadable(count: number): void;
		onWritable(count: number): void;
		onError(reason?: unknown): void;
	};
	private pending = "";
	private room = 1072;
	private isOpen = true;
	private isEnded = false;

	constructor(options: WireSocket["callbacks"] & { wire: Wire; from?: WireSocket }) {
		const { wire } = options;
		this.callbacks = options;
		this.wire = wire;
		wire.opened++;
		wire.socket = this;
		options.from?.close();
		wire.socket = this;
		Timer.set(() => {
			if (options.from) wire.server.secure();
			this.writable();
			if (!options.from) wire.fromServer(wire.server.greet());
		});
	}

	read(count: number): ArrayBuffer | undefined {
		if (!this.isOpen) throw new Error("closed");
		if (!(count > 0 && count <= this.pending.length)) throw new Error("invalid");
		const bytes = Uint8Array.from({ length: count }, (_, index) => this.pending.charCodeAt(index));
		this.pending = this.pending.slice(count);
		return bytes.buffer;
	}

	write(bytes: Uint8Array): number {
		if (!this.isOpen) throw new Error("closed");
		if (this.isEnded) throw new Error("not ready");
		if (bytes.length > this.room) throw new Error("would block");
		this.room -= bytes.length;
		let text = "";
		for (const byte of bytes) text += String.fromCharCode(byte);
		Timer.set(() => {
			this.wire.fromClient(text);
			this.writable();
		});
		return this.room;
	}

	close(): void {
		if (this.isOpen) this.wire.closed++;
		this.isOpen = false;
		if (this.wire.socket === this) this.wire.socket = undefined;
	}

	receive(text: string): void {
		if (!this.isOpen) return;
		this.pending += text;
		this.callbacks.onReadable(this.pending.length);
	}

	/** The other side has gone; what it said before is still read, unless it broke off. */
	end(isReset: boolean): void {
		if (!this.isOpen) return;
		this.isEnded = true;
		if (isReset) this.pending = "";
		this.callbacks.onError(isReset ? new Error("reset") : undefined);
	}

	private writable(): void {
		if (!this.isOpen || this.isEnded) return;
		this.room = 1072;
		this.callbacks.onWritable(this.room);
	}
}
