import type { Source } from "./source";
import type { Writer } from "./writer";

/** Bytes read from a source at a time. */
export const WINDOW = 96;

/** A content transfer encoding (RFC 2045, 6) of what a source gives. */
export abstract class Encoder {
	protected source: Source;
	protected window: Uint8Array;
	/** What of the window has not been encoded yet. */
	protected from = 0;
	protected to = 0;

	constructor(source: Source, window = new Uint8Array(WINDOW)) {
		this.source = source;
		this.window = window;
	}

	/** Writes as much as fits; true at the end, with the last line left open. */
	abstract render(writer: Writer): boolean;

	reset(): void {
		this.source.reset();
		this.from = this.to = 0;
	}
}
