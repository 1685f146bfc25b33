import { equal, test } from "harness";
import { type Connection, Flushed } from "smtp/connection";
import { Content, ContentState } from "smtp/content";
import { Output } from "smtp/output";

/** The same numbers in every run. */
let seed = 1;
const random = (below: number): number => {
	seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
	return (seed >> 8) % below;
};
const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T;

/** What a connection is to the message: it takes all that is committed, or nothing, as chance will have it. */
class Wire {
	readonly output: Output;
	sent = "";

	constructor(capacity: number, waiting: string) {
		this.output = new Output(capacity);
		for (const character of waiting) this.output.byte(character.charCodeAt(0));
		this.output.committed = this.output.length;
	}

	flush(): Flushed {
		const { output } = this;
		if (output.committed === 0) return Flushed.Ready;
		if (random(3) === 0) return Flushed.Waiting;
		for (let i = 0; i < output.committed; i++) this.sent += String.fromCharCode(output.bytes[i] as number);
		output.drop(output.committed);
		return pick([Flushed.Ready, Flushed.Full]);
	}

	deadline(): void {}

	fail(_: string, message: string): void {
		throw new Error(message);
	}
}

/** Sends a message, a character a byte, from a source that reads so many of them at once. */
function send(message: string, read: number, capacity: number, chunked: boolean, waiting = ""): string {
	const wire = new Wire(capacity, waiting);
	let at = 0;
	const source = {
		read(buffer: Uint8Array) {
			let count = 0;
			while (count < read && count < buffer.length && at < message.length) buffer[count++] = message.charCodeAt(at++);
			return count;
		},
	};
	const content = new Content(wire as unknown as Connection, source, chunked);
	while (content.state !== ContentState.Sent) {
		content.answered = content.chunks;
		content.onWritable();
	}
	return chunked ? withoutCommands(wire.sent.slice(waiting.length)) : wire.sent;
}

/** What is in the chunks. */
function withoutCommands(heard: string): string {
	let message = "";
	for (let at = 0; at < heard.length; ) {
		const end = heard.indexOf("\r\n", at);
		const [verb, size, last] = heard.slice(at, end).split(" ");
		at = end + 2 + Number(size);
		equal(verb, "BDAT");
		equal(last, at === heard.length ? "LAST" : undefined);
		message += heard.slice(end + 2, at);
	}
	return message;
}

/** What a message becomes, line by line. */
function encoded(message: string, chunked: boolean): string {
	const lines = message.replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n");
	if (lines.at(-1) === "") lines.pop();
	if (chunked) return lines.map((line) => `${line}\r\n`).join("");
	return `${lines.map((line) => `${line.startsWith(".") ? "." : ""}${line}\r\n`).join("")}.\r\n`;
}

const parts: readonly (() => string)[] = [
	() => pick(["\r", "\n", ".", "a"]),
	() => "a".repeat(random(200)) + pick(["\r\n", "\r\n", "\n", "\r", ".", "\0"]),
	() => "a".repeat(random(80)) + pick(["\r\n", "\r\n.", "\r\n\r\n"]),
	() => "a".repeat(random(80)) + pick(["\n", "\n.", "\n\n"]),
	// "ü", "€" and an emoji in UTF-8
	() => "a".repeat(random(30)) + pick(["\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\r\n", "\r\n", "\n", "\n."]),
	() => "a".repeat(random(40)) + pick(["\xc3\xbc", "\xc3\xbc", "\r\n", "\n", "\r", "\0", "\xc0\x80"]),
	// bytes that are none
	() => "a".repeat(random(30)) + pick(["\xc3\xbc", "\xff", "\xc3", "\x80", "\r\n", "\n"]),
];

for (const chunked of [false, true])
	test(`${chunked ? "BDAT" : "DATA"}: whatever a message is, and however it is read, all its lines arrive`, () => {
		for (let i = 0; i < 200; i++) {
			const part = pick(parts);
			const length = pick([0, 1, 3, 80, 200, 700, 1500]);
			let message = "";
			while (message.length < length) message += part();
			const read = pick([1, 2, 57, 79, 80, 81, 159, 160, 161, 200, 536, 4096]);
			const capacity = pick([512, 513, 1009, 1010, 1024]);
			const waiting = chunked ? "#".repeat(random(capacity - 160)) : "";
			const sent = send(message, read, capacity, chunked, waiting);
			if (sent !== encoded(message, chunked))
				equal(JSON.stringify({ message, read, capacity, sent }), JSON.stringify(encoded(message, chunked)));
		}
	});
