/** How the commands write on a terminal: colours only where someone sees them. */
import type { WriteStream } from "node:tty";

type Stream = NodeJS.WritableStream & Partial<Pick<WriteStream, "isTTY" | "columns">>;
type Paint = (text: string) => string;

export interface Style {
	bold: Paint;
	dim: Paint;
	red: Paint;
	green: Paint;
	yellow: Paint;
	cyan: Paint;
}

/** True where colours may be written: a terminal that has them, and a user who did not say no (no-color.org). */
export function hasColours(stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean {
	return Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== "dumb";
}

/** The style for a stream; where it has no colours every paint returns its text unchanged. */
export function styleFor(stream: Stream, env: NodeJS.ProcessEnv = process.env): Style {
	const on = hasColours(stream, env);
	const paint =
		(start: number, end: number): Paint =>
		(text) =>
			on ? `\x1b[${start}m${text}\x1b[${end}m` : text;
	return {
		bold: paint(1, 22),
		dim: paint(2, 22),
		red: paint(31, 39),
		green: paint(32, 39),
		yellow: paint(33, 39),
		cyan: paint(36, 39),
	};
}

/**
 * Text from outside, made safe to show: control characters, which could move the cursor or hide what follows,
 * become visible escapes. Line ends and tabs stay when `lines` is true.
 */
export function printable(text: string, lines = false): string {
	let result = "";
	for (const character of text) {
		const code = character.codePointAt(0) ?? 0;
		const control = code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029;
		if (!control || (lines && (character === "\n" || character === "\t"))) result += character;
		else result += `\\x${code.toString(16).padStart(2, "0")}`;
	}
	return result;
}
