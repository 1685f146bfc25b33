import type { Task } from "./xs/task.js";

/** One mail, in one session. */
export interface Scenario {
	name: string;
	task: Partial<Task>;
	/** What the board's input has, or its file, for the tasks that read it. */
	input?: () => Buffer;
	/** Octets of a body before it is encoded, for what is composed. */
	bodyBytes?: number;
	/** What the server offers. Default: what servers offer, PIPELINING and CHUNKING too. */
	extensions?: readonly string[];
}

const common = ["SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN"];
const lockstep = common;
const pipelining = ["PIPELINING", ...common];
export const everything = ["PIPELINING", "CHUNKING", ...common];

const account = { user: "board@example.org", password: "correct horse battery staple" };
const five = ["ada", "grace", "joan", "mary", "hedy"].map((name) => `${name}@example.org`);

/** So many characters of plain text, in lines. */
function text(length: number): string {
	const line = "The water in the cellar has risen above the mark and it is still rising.\n";
	return `${line.repeat(Math.ceil(length / line.length)).slice(0, length - 1)}\n`;
}

/** A whole message of about so many octets. */
function canonical(length: number): Buffer {
	const header = "From: board@example.org\r\nTo: ada@example.org\r\nSubject: log\r\n\r\n";
	return Buffer.from(header + text(length - header.length).replaceAll("\n", "\r\n"));
}

/** As `canonical`, with the line ends of Unix, and every fourth line begins with a dot. */
function untidy(length: number): Buffer {
	let line = 0;
	return Buffer.from(
		canonical(length)
			.toString()
			.replaceAll("\r\n", () => (line++ % 4 === 3 ? "\n." : "\n")),
	);
}

/** So many octets of text in UTF-8, of which some are not ASCII. */
function latin(length: number): Buffer {
	return repeated("Das Wasser im Keller ist über die Marke gestiegen, und es fällt nicht.\n", length);
}

/** As many, of which most are not. */
function chinese(length: number): Buffer {
	return repeated("地下室的水位已经超过警戒线，并且没有下降。\n", length);
}

function repeated(text: string, length: number): Buffer {
	const line = Buffer.from(text);
	return Buffer.alloc(length, line).fill("\n", length - (length % line.length));
}

/** A page of so many characters. */
function page(length: number): string {
	const row = '<tr><td class="time">12:00</td><td>The water is at 12 cm.</td></tr>\n';
	return `<table>\n${row.repeat(length / row.length)}`.padEnd(length - 1).concat("\n");
}

/** Octets that become so many of base64, line ends counted. */
function binary(encoded: number): Buffer {
	const length = Math.floor((encoded * 76) / 78 / 4) * 3;
	return Buffer.from(Uint8Array.from({ length }, (_, index) => index * 167 + (index >> 3)));
}

export const scenarios: readonly Scenario[] = [
	{ name: "alert of 200 B", task: { text: text(200) } },
	{ name: "alert of 1 KB", task: { text: text(1024) } },
	{ name: "alert of 1 KB, AUTH PLAIN", task: { text: text(1024), ...account } },
	{ name: "alert of 1 KB, dictionary in flash", task: { text: text(1024), ...account, dictionary: "flash" } },
	{
		name: "alert of 1 KB, AUTH PLAIN, as it stands",
		task: { body: "canonical", ...account, dictionary: "flash" },
		input: () => canonical(1024),
	},
	{ name: "alert of 1 KB, AUTH, 5 recipients", task: { text: text(1024), ...account, to: five } },
	{ name: "alert of 1 KB, AUTH, PIPELINING only", task: { text: text(1024), ...account }, extensions: pipelining },
	{ name: "alert of 1 KB, AUTH, neither", task: { text: text(1024), ...account }, extensions: lockstep },
	{ name: "1 KB in UTF-8, 8BITMIME", task: { text: latin(1024).toString(), eightBit: true } },
	{ name: "1 KB in UTF-8, quoted-printable", task: { text: latin(1024).toString() } },
	// What a further byte costs is the difference of 40 KB and 20 KB.
	{ name: "20 KB of tidy text, BDAT", task: { body: "canonical", chunking: true }, input: () => canonical(20_480) },
	{ name: "20 KB of tidy text, DATA", task: { body: "canonical" }, input: () => canonical(20_480) },
	{ name: "40 KB of tidy text, BDAT", task: { body: "canonical", chunking: true }, input: () => canonical(40_960) },
	{ name: "40 KB of tidy text, DATA", task: { body: "canonical" }, input: () => canonical(40_960) },
	{ name: "20 KB to be looked at", task: { body: "text" }, input: () => canonical(20_480) },
	{ name: "20 KB with dots and line ends to mend", task: { body: "text" }, input: () => untidy(20_480) },
	{
		name: "20 KB of text from a file, 8BITMIME",
		task: { body: "file", size: 20_480, eightBit: true },
		...body(latin(20_480)),
	},
	{ name: "20 KB of text in base64", task: { body: "file", size: 20_480 }, ...body(chinese(20_480)) },
	{ name: "20 KB of text in quoted-printable", task: { body: "file", size: 20_480 }, ...body(latin(20_480)) },
	{
		name: "1 KB of text and 4 KB of page",
		task: { body: "page", text: text(1024), html: page(4096) },
		bodyBytes: 5120,
	},
	{ name: "100 KB of base64 made on the fly", task: { body: "attachment" }, ...body(binary(102_400)) },
	{ name: "1 MB of base64 made on the fly", task: { body: "attachment" }, ...body(binary(1_048_576)) },
];

function body(input: Buffer): Pick<Scenario, "input" | "bodyBytes"> {
	return { input: () => input, bodyBytes: input.length };
}
