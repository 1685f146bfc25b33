import type { Writer } from "./writer";

/** A MIME entity (RFC 2045, 2.4): its Content fields, the empty line and its body. */
export interface Part {
	/**
	 * Writes what comes next, of a body as much as fits, or nothing yet. Called with `writer.at` not over `writer.limit`.
	 * @returns true when all is written. The last line is left open: what follows begins with a line end.
	 */
	render(writer: Writer): boolean;
	/** Starts again, to render the same bytes. */
	reset(): void;
	/** Octets of all of it, or a close guess, rather too much than too little; undefined where nobody knows. */
	readonly size?: number | undefined;
	/** Its type and subtype, without parameters, for a `multipart/related` that begins with it (RFC 2387, 3.1). */
	readonly mediaType?: string | undefined;
	/** There are bytes beyond ASCII in it: the server must take them (8BITMIME, RFC 6152). */
	readonly eightBit?: boolean | undefined;
}
