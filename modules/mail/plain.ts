import { Encoder } from "./encoder";
import type { Writer } from "./writer";

const enum Code {
	LF = 10,
	CR = 13,
}

/** 7bit and 8bit (RFC 2045, 2.7 and 2.8): a text as it is, every line end as CRLF. */
export class PlainEncoder extends Encoder {
	/** The byte before. */
	#before: number = Code.LF;

	override reset(): void {
		super.reset();
		this.#before = Code.LF;
	}

	render(writer: Writer): boolean {
		const { window } = this;
		const { target, limit } = writer;
		let { at } = writer;
		let { from, to } = this;
		let before = this.#before;
		while (at <= limit) {
			if (from === to) {
				from = 0;
				to = this.source.read(window);
				if (!to) break;
			}
			const code = window[from++]!;
			if (code > Code.CR || (code !== Code.CR && code !== Code.LF)) target[at++] = code;
			else if (code === Code.CR || before !== Code.CR) {
				target[at] = Code.CR;
				target[at + 1] = Code.LF;
				at += 2;
			}
			before = code;
		}
		writer.at = at;
		writer.lineStart = before === Code.LF || before === Code.CR ? at : at - 1;
		this.from = from;
		this.to = to;
		this.#before = before;
		return !to;
	}
}
