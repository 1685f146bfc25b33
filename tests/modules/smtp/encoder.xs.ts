import { equal, test } from "harness";
import { DataEncoder } from "smtp/encoder";

const INPUT = 64;

/** Encodes text whose pieces end where `cuts` says, with `room` bytes for what is inserted at a time. */
function encode(text: string, cuts: number[], room: number, dots = true): string {
	const encoder = new DataEncoder(dots);
	const buffer = new Uint8Array(INPUT + text.length + 5);
	let result = "";
	const take = (from: number, to: number) => {
		for (let i = from; i < to; i++) result += String.fromCharCode(buffer[i] as number);
	};
	let start = 0;
	for (const end of [...cuts, text.length]) {
		for (let i = start; i < end; i++) buffer[INPUT + i - start] = text.charCodeAt(i);
		const stop = INPUT + end - start;
		let from = INPUT;
		while (from < stop) {
			const to = from - room;
			take(to, encoder.encode(buffer, from, stop, to));
			from = encoder.position;
		}
		start = end;
	}
	take(0, encoder.finish(buffer, 0));
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

test("every text, split at every place into three, with every room for what is inserted, comes out the same", () => {
	for (const [text, wanted] of table)
		for (let first = 0; first <= text.length; first++)
			for (let second = first; second <= text.length; second++)
				for (const room of [1, 2, 3, 60]) equal(encode(text, [first, second], room), wanted);
});

test("every text, behind a line of every length, comes out the same", () => {
	for (let length = 70; length < 165; length++) {
		const line = "a".repeat(length);
		for (const [text, wanted] of table) {
			equal(encode(`${line}\r\n${text}`, [], 9), `${line}\r\n${wanted}`);
			equal(encode(`${line}\r\n${line}\n${text}`, [], 9), `${line}\r\n${line}\r\n${wanted}`);
		}
	}
});

test("for BDAT only line ends are mended", () => {
	equal(encode(".a\n.\rb\r\n", [], 60, false), ".a\r\n.\r\nb\r\n");
	equal(encode("a", [], 60, false), "a\r\n");
	equal(encode("", [], 60, false), "");
});

test("an empty message ends with a line of its own", () => {
	equal(encode("", [], 60), ".\r\n");
});
