import type { Writer } from "./writer";

/** A content transfer encoding (RFC 2045, 6) at work. */
export interface Encoder {
	/** Writes as much as fits; true at the end, with the last line left open. */
	render(writer: Writer): boolean;
	/** Starts again. */
	reset(): void;
}
