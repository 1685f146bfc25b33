/** What the composer's tests share. */
import { MailError } from "mail/error";
import { Message, type MessageOptions } from "mail/message";

export interface Readable {
	read(buffer: Uint8Array): number;
}

export const BUFFERS = [1, 2, 3, 57, 79, 80, 81, 256, 536, 4096] as const;

/** All that a source gives, a byte a character. */
export const readAll = (source: Readable, size = 536): string => {
	const buffer = new Uint8Array(size);
	let text = "";
	for (let count: number; (count = source.read(buffer)); )
		for (let i = 0; i < count; i++) text += String.fromCharCode(buffer[i]!);
	return text;
};

/** A message from Ada, unless the options say otherwise. */
export const message = (options: Partial<MessageOptions> = {}): Message =>
	new Message({ from: "ada@example.org", ...options });

export const render = (options: Partial<MessageOptions> = {}): string => readAll(message(options));

/** A field's lines, without its name; undefined if the message has no such field. */
export const field = (name: string, text: string): string | undefined => {
	const header = `\r\n${text.slice(0, text.indexOf("\r\n\r\n"))}\r\n`;
	const begin = header.indexOf(`\r\n${name}: `);
	if (begin < 0) return undefined;
	let end = begin;
	do end = header.indexOf("\r\n", end + 2);
	while (header[end + 2] === " ");
	return header.slice(begin + name.length + 4, end);
};

export const bodyOf = (text: string): string => text.slice(text.indexOf("\r\n\r\n") + 4);

/** The field that the composer refuses. */
export const refusedField = (compose: () => unknown): string => {
	try {
		compose();
	} catch (error) {
		if (error instanceof MailError) return error.field;
		throw error;
	}
	return "nothing refused";
};

/** Whether every line ends in CRLF, none is longer than 998 and none begins with a dot, as a canonical source promises. */
export const isCanonical = (text: string): boolean => {
	const lines = text.split("\r\n");
	if (lines.pop() !== "") return false;
	return lines.every(
		(line) => line.length <= 998 && !line.startsWith(".") && !line.includes("\r") && !line.includes("\n"),
	);
};
