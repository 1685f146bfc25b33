/** The virtual board's TLS, which the desk speaks; npm's typings have less of it, and do not map its name. */
declare module "embedded:io/socket/tcp/tls" {
	/** A certificate in DER. */
	type Certificate = ArrayBuffer | Uint8Array;

	export interface Options {
		/** The server's name: asked for, and looked for in its certificate. */
		host?: string;
		address?: string;
		port?: number;
		/** A TCP connection to take over, as after STARTTLS. */
		from?: unknown;
		nodelay?: boolean;
		format?: "number" | "buffer";
		/** Taken for the dictionary's sake: the connection is the board's own TCP. */
		TCP?: { io: unknown; [option: string]: unknown };
		secure?: {
			/** Instead of `host`. */
			serverName?: string;
			/** False: the server may be anyone. */
			verify?: boolean;
			/** The authorities trusted; left out: those that the desk trusts. */
			certificate?: Certificate | readonly Certificate[];
		};
		onReadable?(this: TLSSocket, count: number): void;
		/** The first time: the connection is secure. */
		onWritable?(this: TLSSocket, count: number): void;
		/** With a reason where TLS has failed, without where the connection has. */
		onError?(this: TLSSocket, reason?: Error): void;
	}

	/** As `embedded:io/socket/tcp`, not ready before the handshake is over. */
	export default class TLSSocket {
		constructor(options: Options);
		readonly remoteAddress: string | undefined;
		readonly remotePort: number | undefined;
		format: "number" | "buffer";
		read(count?: number): number | ArrayBuffer | undefined;
		/** Fills the buffer; throws if there is not so much. */
		read(buffer: ArrayBuffer | Uint8Array): number | undefined;
		/** @returns the room left; undefined after an error */
		write(data: number | ArrayBuffer | Uint8Array): number | undefined;
		close(): void;
	}
}
