import { equal, test } from "harness";
import { DataEncoder } from "smtp/encoder";

const INPUT = 64;

/** Encodes text whose pieces end where `cuts` says, into an output of `room` bytes at a time. */
function encode(text: string, pieces: number[], room: number, dots = true): string {
	const encoder = new DataEncoder(dots);
	const buffer = new Uint8Array(INPUT + 64);
	let result = "";
	let start = 0;
	for (const end of [...pieces, text.length]) {
		for (let i = start; i < end; i++) buffer[INPUT + i - start] = text.charCodeAt(i);
		const stop = INPUT + end - start;
		let from = INPUT;
		while (from < stop) {
			const to = encoder.encode(buffer, from, stop, 0, room);
			for (let i = 0; i < to; i++) result += String.fromCharCode(buffer[i] as number);
			from = encoder.position;
		}
		start = end;
	}
	const to = encoder.finish(buffer, 0);
	for (let i = 0; i < to; i++) result += String.fromCharCode(buffer[i] as number);
	return result;
}

const table: [string, string][] = [
	["", ".\r\n"],
	["a", "a\r\n.\r\n"],
	["a\r", "a\r\n.\r\n"],
	["a\n", "a\r\n.\r\n"],
	["a\r\n", "a\r\n.\r\n"],
	["\r\r\n\n.", "\r\n\r\n\r\n..\r\n.\r\n"],
	[".", "..\r\n.\r\n"],
	["..a", "...a\r\n.\r\n"],
	["a.b", "a.b\r\n.\r\n"],
	["abc\n.jkl\rfoo\r\n..blue", "abc\r\n..jkl\r\nfoo\r\n...blue\r\n.\r\n"],
	[".\n", "..\r\n.\r\n"],
	["a\n.\nb", "a\r\n..\r\nb\r\n.\r\n"],
	["a\r.\rb", "a\r\n..\r\nb\r\n.\r\n"],
	["a\r\n.\r\nb", "a\r\n..\r\nb\r\n.\r\n"],
	["\n\r", "\r\n\r\n.\r\n"],
	["a\r\n\r\n.b", "a\r\n\r\n..b\r\n.\r\n"],
];

test("every text, split at every place into three, in every output size, comes out the same", () => {
	for (const [text, wanted] of table)
		for (let first = 0; first <= text.length; first++)
			for (let second = first; second <= text.length; second++)
				for (const room of [2, 3, 4, 5, 60]) equal(encode(text, [first, second], room), wanted);
});

test("for BDAT only line ends are mended", () => {
	equal(encode(".a\n.\rb\r\n", [], 60, false), ".a\r\n.\r\nb\r\n");
	equal(encode("a", [], 60, false), "a\r\n");
	equal(encode("", [], 60, false), "");
});

test("an empty message ends with a line of its own", () => {
	equal(encode("", [], 60), ".\r\n");
});
