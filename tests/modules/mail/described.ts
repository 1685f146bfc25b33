/** On the board: messages as the desk describes them, a line of JSON each, and their bytes handed back. */
import { Attachment } from "mail/attachment";
import { compose } from "mail/compose";
import { flowed } from "mail/flowed";
import { Message } from "mail/message";
import { BytesSource, RowsSource, SlicesSource } from "mail/sources";
import Desk from "virtual/desk";
import { byteAt, type DescribedFile, type Description, rowAt } from "./descriptions";

const attachment = ({ name, type, contentId, length, source }: DescribedFile): Attachment => {
	const bytes = new Uint8Array(source === "rows" ? 0 : length).map((_, index) => byteAt(index));
	const sources = {
		bytes: () => new BytesSource(bytes),
		slices: () => new SlicesSource(length, (from, count) => bytes.buffer.slice(from, from + count)),
		rows: () =>
			new RowsSource(function* () {
				for (let index = 0; index < length; index++) yield rowAt(index);
			}),
	};
	return new Attachment({ source: sources[source](), name, type, contentId });
};

export const messageOf = (description: Description): Message => {
	const { text, html, inline, attachments, buffer: _, ...options } = description;
	const { eightBit } = options;
	if (options.flowed) return new Message({ ...options, content: flowed(text ?? "", eightBit) });
	const files = { inline: inline.map(attachment), attachments: attachments.map(attachment) };
	return new Message({ ...options, content: compose({ text, html, ...files, eightBit }) });
};

/** Bytes that are reported at once. */
const PIECE = 4096;

const DIGITS = new Uint8Array(ArrayBuffer.fromString("0123456789abcdef"));

/** Reports all that a message has to read, in hexadecimal digits, and "." after it. */
export const report = (message: Message, buffer: number): void => {
	const target = new Uint8Array(buffer);
	const digits = new Uint8Array(2 * PIECE);
	let at = 0;
	const flush = () => {
		Desk.report(String.fromArrayBuffer(digits.buffer.slice(0, at)));
		at = 0;
	};
	for (let count: number; (count = message.read(target)); )
		for (let i = 0; i < count; i++) {
			const byte = target[i] as number;
			digits[at++] = DIGITS[byte >> 4] as number;
			digits[at++] = DIGITS[byte & 15] as number;
			if (at === digits.length) flush();
		}
	flush();
	Desk.report(".");
};

const LONGEST_LINE = 131_072;

/** The lines that the desk says. */
export function* lines(): Generator<string> {
	const input = new Uint8Array(PIECE);
	const line = new Uint8Array(LONGEST_LINE);
	let length = 0;
	for (let count: number; (count = Desk.read(input)); )
		for (let i = 0; i < count; i++)
			if (input[i] === 10) {
				yield String.fromArrayBuffer(line.buffer.slice(0, length));
				length = 0;
			} else line[length++] = input[i] as number;
}
