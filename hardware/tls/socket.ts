import { Channel, type ChannelOptions } from "tls/channel";

export type { TLSOptions } from "tls/channel";

export interface TLSSocketOptions extends ChannelOptions {
	/** "buffer" (default) or "number". */
	format?: string;
	/** What the socket's `target` shall be. */
	target?: unknown;
	/** `count` bytes can be read. */
	onReadable?(this: TLSSocket, count: number): void;
	/** `count` bytes can be written; the first time, the connection is secure. */
	onWritable?(this: TLSSocket, count: number): void;
	/**
	 * The connection has ended, and everything is closed. Without a reason it was closed from there, as with TCP; with one,
	 * a `TLSError`, TLS has failed.
	 */
	onError?(this: TLSSocket, reason?: Error): void;
}

/**
 * A TLS 1.2 client over a TCP socket, in the shape of one (ECMA-419): `read`, `write`, `close`, `format`. It is secure
 * before its first `onWritable`, or it ends with `onError`, once.
 */
export default class TLSSocket {
	/** As in all of ECMA-419: for the owner to know what the socket is for. */
	readonly target: unknown;
	private options: TLSSocketOptions;
	private channel: Channel | undefined;
	private currentFormat = "buffer";
	/** The record that is being read, and how far. */
	private data: Uint8Array | undefined;
	private position = 0;
	private isDelivering = false;

	/** Throws what the TCP socket throws, as for an address that is none. */
	constructor(options: TLSSocketOptions) {
		this.options = options;
		this.target = options.target;
		if (options.format !== undefined) this.format = options.format;
		this.channel = new Channel(options, this);
	}

	get format(): string {
		return this.currentFormat;
	}

	/** "number": `read` and `write` are for one byte; "buffer": for many. */
	set format(format: string) {
		if (format !== "buffer" && format !== "number") throw new RangeError("unimplemented");
		this.currentFormat = format;
	}

	/**
	 * Reads a byte ("number") or a buffer: all there is, a count of bytes, or as many as the buffer given has.
	 * @returns the byte, the buffer or, where one was given, its length; undefined where there is nothing
	 */
	read(wanted?: number | ArrayBuffer | Uint8Array): number | ArrayBuffer | undefined {
		const data = this.data;
		if (!data) return undefined;
		const start = this.position;
		if (this.currentFormat === "number") {
			this.consume(data, 1);
			return data[start];
		}
		const available = data.length - start;
		const target = typeof wanted === "object" ? viewOf(wanted) : undefined;
		const count = target?.length ?? (wanted as number | undefined) ?? available;
		if (!(count > 0 && count <= available)) throw new Error("invalid");
		const bytes = data.subarray(start, start + count);
		this.consume(data, count);
		if (!target) return bytes.slice().buffer;
		target.set(bytes);
		return count;
	}

	/**
	 * Writes a byte ("number") or a whole buffer, as one record.
	 * @returns how many bytes can be written next; undefined where the connection has ended, which `onError` tells
	 */
	write(data: number | ArrayBuffer | Uint8Array): number | undefined {
		const channel = this.channel;
		if (!channel || channel.hasEnded) return undefined;
		if (!channel.isSecure) throw new Error("not ready");
		const bytes = this.currentFormat === "number" ? Uint8Array.of(data as number) : viewOf(data as Uint8Array);
		if (bytes.length > channel.room) throw new Error("would block");
		if (bytes.length > 0) channel.send(bytes);
		return channel.hasEnded ? undefined : channel.room;
	}

	/** Ends the connection, with a close_notify where there is room for one. It may be called at any time and again. */
	close(): void {
		const channel = this.channel;
		this.channel = this.data = undefined;
		channel?.close();
	}

	/** @internal */
	onRoom(): void {
		this.options.onWritable?.call(this, (this.channel as Channel).room);
	}

	/** Hands what has come to the owner, a record at a time, as long as the owner reads it. @internal */
	onChanged(): void {
		if (this.isDelivering) return;
		this.isDelivering = true;
		while (!this.data && this.receive()) this.options.onReadable?.call(this, this.data!.length);
		this.isDelivering = false;
		if (!this.channel?.hasEnded || this.data) return;
		const { failure } = this.channel;
		this.close();
		this.options.onError?.call(this, failure);
	}

	private receive(): boolean {
		this.data = this.channel?.isSecure ? this.channel.receive() : undefined;
		this.position = 0;
		return this.data !== undefined;
	}

	private consume(data: Uint8Array, count: number): void {
		const channel = this.channel;
		this.position += count;
		if (this.position < data.length) return;
		this.data = undefined;
		if (!this.isDelivering && (channel?.hasEnded || channel?.hasMore)) channel.later();
	}
}

const viewOf = (data: ArrayBuffer | Uint8Array): Uint8Array =>
	ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
