/**
 * What the composer writes goes through the client to real servers: nothing is on the wire that should not be, each byte is
 * delivered, and parsers find what was described.
 */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Inbox } from "../../commands/inbox.js";
import { type JsonObject, VirtualBoard } from "../../hardware/virtual/board.js";
import { type Description, describe } from "../modules/mail/descriptions.js";
import { expected, foundByMailparser, foundByPython, hasPython } from "../modules/mail/found.js";
import { writeManifest } from "../run-xs.js";
import { account } from "./dovecot.js";
import { awkwardMessage, canonical, difference } from "./message.js";
import { Provider } from "./provider.js";
import { readSession, type Said, Wire } from "./wire.js";

const provider = await Provider.start();
const { skip } = provider;

/** A message of its kind: from ada to bob, if nothing else is said. */
const kinds: Record<string, Partial<Description>> = {
	"a text": { text: "Water at 12 cm.\n" },
	"a page": { html: "<p>Water at 12 cm.</p>\n" },
	"a page and its text": { text: "Water\n", html: "<p>Wasser, 水, ماء</p>\n" },
	"a page with images": {
		text: "Water\n",
		html: '<img src="cid:a@example.org"><img src="cid:b@example.org">\n',
		inline: [
			{ type: "image/png", contentId: "a@example.org", length: 1_500, source: "bytes" },
			{ name: "b.jpg", type: "image/jpeg", contentId: "b@example.org", length: 77, source: "slices" },
		],
	},
	"files of 0 B, 1 B, 10 KB, and of a length that nobody knows": {
		text: "Files\n",
		attachments: [
			{ name: "nothing", type: "application/pdf", length: 0, source: "bytes" },
			{ name: "byte", type: "application/pdf", length: 1, source: "bytes" },
			{ name: "photo.jpg", type: "image/jpeg", length: 10_000, source: "slices" },
			{ name: "Messwerte für März.csv", type: "text/csv", length: 300, source: "rows" },
		],
	},
	"all of it": {
		text: "Water\n",
		html: '<img src="cid:a@example.org">\n',
		inline: [{ type: "image/png", contentId: "a@example.org", length: 900, source: "bytes" }],
		attachments: [{ name: "photo.jpg", type: "image/jpeg", length: 2_000, source: "bytes" }],
	},
	"long lines": { text: [997, 998, 999, 5_000].map((length) => `${"x".repeat(length)}\n`).join("") },
	"dots, boundaries and ends of mails": { text: ".\n..\n.x\n\n--=_1_\n--=_1_--\nFrom me\nQUIT\n" },
	"Latin beyond ASCII": { subject: "Größe: ½ m, naïve café, Łódź", text: "Größe: ½ m, naïve café, Łódź\n" },
	Chinese: { subject: "警报：水位过高，请立即检查地下室的设备", text: "警报：水位过高，请立即检查地下室的设备\n" },
	Arabic: { subject: "تنبيه: الماء مرتفع في القبو", text: "تنبيه: الماء مرتفع في القبو\n" },
	"Cyrillic, Thai, Hindi, Korean": { subject: "Вода ประเทศไทย नमस्ते 한국어", text: "Вода ประเทศไทย नमस्ते 한국어\n" },
	emoji: { subject: "👩‍👩‍👧‍👦 🏳️‍🌈 ☔ 👍🏽".repeat(9), text: "👩‍👩‍👧‍👦 🏳️‍🌈 ☔ 👍🏽\n" },
	"8bit, where that is taken": { text: "Größe: ½ m\n", html: "<p>½ m</p>\n", eightBit: true },
	"long names": {
		from: [{ name: "Ada of the house with the very long name ".repeat(9).trim(), address: "ada@example.org" }],
		subject: "long ".repeat(190).trim(),
		attachments: [{ name: `${"Übermäßig lang ".repeat(14)}.pdf`, type: "application/pdf", length: 9, source: "bytes" }],
		text: "Names\n",
	},
	groups: {
		to: [
			{ group: "Team, the", members: [{ name: "Bob", address: "bob@example.org" }, { address: "carol@example.org" }] },
			{ group: "undisclosed-recipients", members: [] },
		],
		text: "Groups\n",
	},
	"Cc and Bcc": { cc: [{ address: "carol@example.org" }], bcc: [{ address: "ada@example.org" }], text: "Copies\n" },
	"only Bcc": { to: [], bcc: [{ address: "carol@example.org" }], text: "Blind\n" },
	"priority and fields of one's own": {
		priority: "high",
		headers: [["X-Own-Board", "Keller: 12 cm, ½ m"]],
		text: "!\n",
	},
	"paragraphs that flow": { flowed: true, text: `${"A paragraph of some length. ".repeat(20).trim()}\n\n> no quote\n` },
};

/** A message that is sent, and to whom if not to those whom it names. */
interface Job {
	description: Description;
	to?: string[];
}

const table = describe(240);

/** One of each kind, and of the table each `of`th, from `first` on; with a number each. */
function select(first: number, of: number, eightBitMIME: boolean): Job[] {
	const ofKinds = Object.entries(kinds).map(([kind, description]) => ({
		description: {
			from: [{ name: "Cellar", address: "ada@example.org" }],
			to: [{ address: "bob@example.org" }],
			subject: kind,
			date: 1_772_366_400_000,
			messageId: "1@example.org",
			headers: [],
			inline: [],
			attachments: [],
			eightBit: false,
			buffer: 256,
			...description,
		},
	}));
	const ofTable = table
		.filter((_, index) => index % of === first)
		.map((description) => ({ description, to: ["bob@example.org"] }));
	return [...ofKinds, ...ofTable].map((job, index) => {
		const { headers, eightBit } = job.description;
		const number: [string, string] = ["X-Own-Number", `${index}.`];
		return {
			...job,
			description: { ...job.description, headers: [...headers, number], eightBit: eightBit && eightBitMIME },
		};
	});
}

/** Composes and sends in one session. @returns the bytes as composed, and what was said on the wire */
async function send(port: number, session: JsonObject, jobs: Job[]): Promise<{ composed: Buffer[]; said: Said }> {
	const wire = await Wire.tap(port);
	const board = await VirtualBoard.start({
		manifest: writeManifest("tests/interop/composed.xs.ts"),
		config: { session: { port: wire.port, ...session } },
		network: { connected: true },
		input: Buffer.from(jobs.map((job) => `${JSON.stringify(job)}\n`).join("")),
		watchdogMs: 120_000,
	});
	const composed: Buffer[] = [];
	const traced: string[] = [];
	let digits = "";
	board.on("trace", (line) => traced.push(line));
	board.on("report", (text) => {
		if (text !== ".") digits += text;
		else {
			composed.push(Buffer.from(digits, "hex"));
			digits = "";
		}
	});
	try {
		assert.deepEqual(await board.exited, { code: 0, reason: "exit" }, traced.join(""));
		return { composed, said: readSession(wire.said) };
	} finally {
		await board.close();
		wire.close();
	}
}

/** Whether the session went as it should, and said what was composed. */
function checkSession(jobs: Job[], composed: Buffer[], { commands, messages }: Said, by: "DATA" | "BDAT"): void {
	const of = (verb: string) => commands.filter((command) => command.startsWith(verb));
	assert.equal(composed.length, jobs.length);
	assert.equal(of("MAIL").length, jobs.length);
	assert.deepEqual([...new Set(messages.map((message) => message.by))], [by]);
	assert.equal(messages.length, jobs.length);
	for (const [index, { bytes }] of messages.entries())
		assert.equal(difference(composed[index] as Buffer, bytes), undefined, `message ${index}`);
	for (const [index, { description }] of jobs.entries())
		assert.equal(
			/ BODY=8BITMIME/.test(of("MAIL")[index] as string),
			isEightBit(composed[index] as Buffer),
			description.subject,
		);
}

const isEightBit = (message: Buffer): boolean => message.some((byte) => byte > 127);

/** Whether parsers find in what was delivered what was described. */
async function checkDelivered(jobs: Job[], delivered: Buffer[]): Promise<void> {
	const inPython = hasPython ? foundByPython(delivered) : [];
	for (const [index, { description }] of jobs.entries()) {
		const wanted = expected(description);
		assert.deepEqual(await foundByMailparser(delivered[index] as Buffer), wanted, `mailparser, message ${index}`);
		// Python leaves it to its caller to join the lines of a paragraph (RFC 3676, 4.1).
		const found = inPython[index];
		if (found && description.flowed) found.text = joined(found.text);
		if (found) assert.deepEqual(found, wanted, `Python, message ${index}`);
	}
}

const joined = (text: string | null): string | null => text?.replaceAll(" \n", " ").replaceAll(/^ /gm, "") ?? null;

const { user, password } = account;

const toPostfix = [
	{ chunking: true, eightBitMIME: true },
	{ chunking: true, eightBitMIME: false },
	{ chunking: false, eightBitMIME: true },
	{ chunking: false, eightBitMIME: false },
];

suite("Postfix delivers what was composed, byte for byte", { skip }, () => {
	for (const [index, { chunking, eightBitMIME }] of toPostfix.entries())
		test(`by ${chunking ? "BDAT" : "DATA"}, ${eightBitMIME ? "with" : "without"} 8BITMIME`, async () => {
			const jobs = select(index, toPostfix.length, eightBitMIME);
			const port = eightBitMIME ? provider.postfix.port : provider.postfix.sevenBitPort;
			const { composed, said } = await send(port, { chunking, user, password }, jobs);
			checkSession(jobs, composed, said, chunking ? "BDAT" : "DATA");
			const delivered: Buffer[] = [];
			for (const [number, message] of composed.entries()) {
				const { raw } = await provider.sink.take(({ raw }) => raw.includes(`\r\nX-Own-Number: ${number}.\r\n`));
				const trace = raw.subarray(0, raw.length - message.length);
				assert.equal(difference(message, raw.subarray(trace.length)), undefined, `message ${number}`);
				assert.match(trace.toString(), /^(Received: [^\r\n]+\r\n([ \t][^\r\n]+\r\n)+)+$/);
				delivered.push(raw.subarray(trace.length));
			}
			await checkDelivered(jobs, delivered);
		});
});

const toInbox = [
	{ pipelining: true, eightBitMIME: true },
	{ pipelining: true, eightBitMIME: false },
	{ pipelining: false, eightBitMIME: true },
];

suite("smtp-server takes what was composed, byte for byte", () => {
	for (const [index, { pipelining, eightBitMIME }] of toInbox.entries())
		test(`${pipelining ? "with" : "without"} PIPELINING, ${eightBitMIME ? "with" : "without"} 8BITMIME`, async () => {
			const jobs = select(index, toInbox.length, eightBitMIME);
			const inbox = await Inbox.start({ server: { hide8BITMIME: !eightBitMIME } });
			try {
				const { composed, said } = await send(inbox.port, { pipelining }, jobs);
				checkSession(jobs, composed, said, "DATA");
				const delivered = inbox.mails.map(({ raw }) => raw);
				assert.equal(delivered.length, jobs.length);
				for (const [number, message] of composed.entries())
					assert.equal(difference(message, delivered[number] as Buffer), undefined, `message ${number}`);
				await checkDelivered(jobs, delivered);
			} finally {
				await inbox.close();
			}
		});
});

suite("what was not composed is mended on the wire", { skip }, () => {
	for (const chunking of [true, false])
		test(`by ${chunking ? "BDAT" : "DATA"}`, async () => {
			const input = awkwardMessage(20_000, "wire");
			const wire = await Wire.tap(provider.postfix.port);
			try {
				const { outcome } = await provider.send({ port: wire.port, security: "none", input, chunking });
				assert.equal(outcome.exitCode, 0, JSON.stringify(outcome.failure));
				const [message] = readSession(wire.said).messages;
				assert.equal(message?.by, chunking ? "BDAT" : "DATA");
				assert.equal(difference(canonical(input), message?.bytes as Buffer), undefined);
				await provider.sink.take(({ raw }) => raw.includes("wire@example.org"));
			} finally {
				wire.close();
			}
		});
});
