/** The same messages, on the same server, by our client and by others: how often each waits, and what it puts on the wire. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { SMTPServer } from "smtp-server";
import { send } from "../interop/client.js";
import { byNodemailer, type Delivery, msmtp, type PeerClient, smtplib } from "../interop/peers.js";
import { fewest, Relay } from "../interop/relay.js";
import { everything } from "./scenarios.js";
import { BenchServer } from "./server.js";

export interface Row {
	message: string;
	client: string;
	/** How often the client waits for the server, from the greeting to the reply that takes the message. */
	roundTrips: number;
	/** Octets of the whole connection. */
	bytesSent: number;
	bytesReceived: number;
	/** It has said QUIT. */
	quit: boolean;
}

export interface Comparison {
	rows: Row[];
	/** Why clients could not take part. */
	missing: string[];
}

type Message = Omit<Delivery, "port">;
type Send = (delivery: Delivery) => Promise<void>;

const account = { user: "board@example.org", password: "correct horse battery staple" };
const from = account.user;
const one = ["ada@example.org"];
const five = ["ada", "grace", "joan", "mary", "hedy"].map((name) => `${name}@example.org`);

/** What is sent, by what a table calls it. */
export const messages: Readonly<Record<string, Message>> = {
	"200 B": { from, to: one, message: textOf(200) },
	"1 KB, AUTH PLAIN": { from, to: one, account, message: textOf(1024) },
	"1 KB, AUTH PLAIN, 5 recipients": { from, to: five, account, message: textOf(1024) },
};

/** A whole message of so many octets. */
function textOf(octets: number): Buffer {
	const header = `From: ${from}\r\nTo: ${one}\r\nDate: Sun, 01 Mar 2026 12:00:00 +0000\r\nSubject: cellar\r\n\r\n`;
	const line = "The water in the cellar has risen above the mark.\r\n";
	const text = header + line.repeat(Math.ceil(octets / line.length));
	return Buffer.from(
		`${text
			.slice(0, octets - 2)
			.trimEnd()
			.padEnd(octets - 2, ".")}\r\n`,
	);
}

export const OURS = "ours";
export const OURS_WITH_CHUNKING = "ours, with CHUNKING";

const ours =
	(options: { pipelining?: boolean; chunking?: boolean }): Send =>
	async ({ port, account: { user, password } = {}, message, ...envelope }) => {
		const login = user === undefined ? {} : { user, password };
		const { outcome } = await send({ ...envelope, ...login, ...options, to: [...envelope.to], port, input: message });
		if (outcome.exitCode) throw new Error(`ours: ${JSON.stringify(outcome.failure)}`);
	};

const clients: readonly Pick<PeerClient, "name" | "send" | "missing">[] = [
	{ name: OURS, send: ours({}) },
	{ name: "ours, without PIPELINING", send: ours({ pipelining: false }) },
	smtplib,
	byNodemailer,
	msmtp,
];

/** smtp-server does not know it. */
const withChunking = { name: OURS_WITH_CHUNKING, send: ours({ chunking: true }) };

export async function compareOnTheWire(): Promise<Comparison> {
	const server = await startServer();
	const chunking = await startChunkingServer();
	const rows: Row[] = [];
	try {
		for (const [name, message] of Object.entries(messages)) {
			for (const client of clients) if (!client.missing) rows.push(await measure(name, message, client, server.port));
			rows.push(await measure(name, message, withChunking, chunking.port));
		}
	} finally {
		server.close();
		chunking.close();
	}
	return { rows, missing: clients.flatMap(({ missing }) => missing ?? []) };
}

/** Longer than a client on a busy machine needs between two parts of a flight. */
const DELAY_MS = 100;

function measure(name: string, message: Message, client: { name: string; send: Send }, port: number): Promise<Row> {
	return fewest(
		() => measureOnce(name, message, client, port),
		({ roundTrips }) => roundTrips,
		{ attempts: 2 },
	);
}

async function measureOnce(
	name: string,
	message: Message,
	client: { name: string; send: Send },
	port: number,
): Promise<Row> {
	const relay = await Relay.start(port, DELAY_MS);
	try {
		await client.send({ ...message, port: relay.port });
		await relay.closed;
		const { bytes, clientFlights, quit } = relay;
		const traffic = { roundTrips: clientFlights.length, bytesSent: bytes.client, bytesReceived: bytes.server, quit };
		return { message: name, client: client.name, ...traffic };
	} finally {
		relay.close();
	}
}

interface Server {
	port: number;
	close(): void;
}

/** npm's smtp-server, with an account, and PIPELINING. */
async function startServer(): Promise<Server> {
	const server = new SMTPServer({
		name: "mail.example.org",
		authMethods: ["PLAIN"],
		authOptional: true,
		allowInsecureAuth: true,
		disabledCommands: ["STARTTLS"],
		disableReverseLookup: true,
		size: 52_428_800,
		closeTimeout: 100,
		onAuth: ({ username, password }, _session, done) =>
			username === account.user && password === account.password
				? done(null, { user: username })
				: done(new Error("who are you?")),
		onData: (stream, _session, done) => {
			stream.on("end", () => done()).resume();
		},
	});
	server.on("error", () => {}); // a client that breaks off rejects by itself
	const listening = server.listen(0, "127.0.0.1");
	await once(listening, "listening");
	return { port: (listening.address() as AddressInfo).port, close: () => server.close(() => {}) };
}

/** The bench's own server, on a socket. */
async function startChunkingServer(): Promise<Server> {
	const server = createServer((socket) => {
		const peer = new BenchServer({ send: (data) => void socket.write(data), end: () => void socket.end() }, everything);
		socket.on("data", (data) => peer.onData(data)).on("error", () => {});
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

/** What a client that hangs up without QUIT saves: the command, and the reply, as smtp-server words it. */
const QUIT: Pick<Row, Column> = { roundTrips: 0, bytesSent: "QUIT\r\n".length, bytesReceived: "221 Bye\r\n".length };

export const columns = ["roundTrips", "bytesSent", "bytesReceived"] as const;
type Column = (typeof columns)[number];

export interface Shortfall {
	message: string;
	client: string;
	column: Column;
	/** By how much ours is worse. */
	by: number;
	/** Why, where it is by no more than there is a reason for. */
	reason?: string;
}

/** Where others did better than ours on the same server. */
export function shortfalls(rows: readonly Row[]): Shortfall[] {
	return rows.flatMap((row) => {
		const own = rows.find(({ message, client }) => message === row.message && client === OURS);
		if (!own || row.client.startsWith(OURS)) return [];
		return columns.flatMap((column) => compareColumn(own, row, column) ?? []);
	});
}

function compareColumn(own: Row, row: Row, column: Column): Shortfall | undefined {
	const by = own[column] - row[column];
	if (by <= 0) return undefined;
	const { message, client } = row;
	const left = own.quit && !row.quit && by <= QUIT[column];
	return {
		message,
		client,
		column,
		by,
		...(left ? { reason: "it hangs up without QUIT (see RFC 5321, 4.1.1.10)" } : {}),
	};
}
