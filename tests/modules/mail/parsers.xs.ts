/** Composes what the desk describes, a line of JSON a message, and hands it back in hexadecimal digits. */
import { Attachment } from "mail/attachment";
import { compose } from "mail/compose";
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

const render = ({ text, html, inline, attachments, buffer, ...options }: Description): void => {
	const content = compose({
		text,
		html,
		inline: inline.map(attachment),
		attachments: attachments.map(attachment),
		eightBit: options.eightBit,
	});
	const message = new Message({ ...options, content });
	const target = new Uint8Array(buffer);
	let digits = "";
	for (let count: number; (count = message.read(target)); )
		for (let i = 0; i < count; i++) {
			const byte = target[i] as number;
			digits += "0123456789abcdef"[byte >> 4];
			digits += "0123456789abcdef"[byte & 15];
			if (digits.length > 2000) {
				Desk.report(digits);
				digits = "";
			}
		}
	Desk.report(digits);
	Desk.report(".");
};

const input = new Uint8Array(1);
const line = new Uint8Array(65_536);
let length = 0;
while (Desk.read(input))
	if (input[0] === 10) {
		render(JSON.parse(String.fromArrayBuffer(line.buffer.slice(0, length))));
		length = 0;
	} else line[length++] = input[0] as number;
Desk.exit(0);
