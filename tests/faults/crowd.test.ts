/**
 * Many boards at once before one real Postfix that takes few connections at a time and greylists who is new: each alert arrives,
 * each once. CROWD=all has 50 boards; else there are a few.
 */
import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { simpleParser } from "mailparser";
import { VirtualBoard } from "../../hardware/virtual/board.js";
import { Authority } from "../interop/certificates.js";
import { deleteFolder, makeFolder } from "../interop/folder.js";
import { missingPackages } from "../interop/packages.js";
import { type Postfix, startPostfix } from "../interop/postfix.js";
import { freePorts } from "../interop/process.js";
import { Sink } from "../interop/sink.js";
import { PATIENCE_MS, patience } from "../patience.js";
import { Greylist } from "./greylist.js";

const BOARDS = process.env.CROWD === "all" ? 50 : 6;
/** Of each board. */
const ALERTS = 2;
/** Connections that the server takes at once, and processes that it has for them. */
const CONNECTIONS = 4;
const PROCESSES = 8;
const DEBOUNCE_MS = 10;
const TOO_MANY = "concurrency limit exceeded";
const skip = missingPackages("openssl", "postfix");

interface Place {
	postfix: Postfix;
	greylist: Greylist;
	sink: Sink;
}

async function startServers(t: TestContext): Promise<Place> {
	const folder = makeFolder();
	t.after(() => deleteFolder(folder));
	const sink = await Sink.start();
	t.after(() => sink.close());
	const isCrowded = () => postfix.log().includes(TOO_MANY);
	const greylist = await Greylist.start({ delayMs: 6_000, gathers: CONNECTIONS, isOpen: isCrowded });
	t.after(() => greylist.close());
	const identity = new Authority(join(folder, "ca")).issue("localhost");
	const [authPort] = (await freePorts(1)) as [number];
	const settings = `
smtpd_sasl_auth_enable = no
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:${greylist.port}, reject_unlisted_recipient
smtpd_client_connection_count_limit = ${CONNECTIONS}
`;
	const options = { folder, identity, authPort, sinkPort: sink.port, settings, processes: PROCESSES };
	const postfix = await startPostfix(options);
	t.after(() => postfix.stop());
	return { postfix, greylist, sink };
}

class Client {
	readonly name: string;
	readonly board: VirtualBoard;
	readonly traced: string[] = [];

	private constructor(name: string, board: VirtualBoard) {
		this.name = name;
		this.board = board;
		board.on("trace", (line) => this.traced.push(line));
	}

	static async start(t: TestContext, number: number, port: number): Promise<Client> {
		const name = `board-${number}`;
		const board = await VirtualBoard.start({
			manifest: "manifest.json",
			modules: { board: resolve("tests/app/dark/board.ts") },
			seed: number,
			config: {
				...{ ssid: "home", smtpHost: "127.0.0.1", smtpPort: String(port), smtpSecurity: "none" },
				...{ from: `${name}@example.org`, to: "ada@example.org", device: name, debounceMs: String(DEBOUNCE_MS) },
			},
		});
		t.after(() => board.close());
		return new Client(name, board);
	}

	/** Presses the button, and lets it rest for as long as the app takes for it: timers of this process come in their order. */
	async press(): Promise<void> {
		await this.board.press();
		await delay(5 * DEBOUNCE_MS);
		await this.board.release();
		await delay(5 * DEBOUNCE_MS);
	}

	count(part: string): number {
		return this.traced.filter((line) => line.includes(part)).length;
	}
}

test(`${BOARDS} boards at once before a Postfix with limits and greylisting: each alert arrives, each once`, {
	skip,
	...patience,
}, async (t) => {
	const { postfix, greylist, sink } = await startServers(t);
	const clients: Client[] = [];
	for (let i = 1; i <= BOARDS; i++) clients.push(await Client.start(t, i, postfix.port));
	for (let i = 0; i < ALERTS; i++) await Promise.all(clients.map((client) => client.press()));
	const isDone = () => clients.every((client) => client.count(": sent") >= ALERTS);
	for (const end = Date.now() + PATIENCE_MS / 2; !isDone() && Date.now() < end; await delay(100)) greylist.poll();
	for (const client of clients)
		assert.equal(client.count(": sent"), ALERTS, `${client.name}: ${client.traced.join("\n")}`);
	// what Postfix has taken it delivers in its own time
	for (const end = Date.now() + PATIENCE_MS / 4; sink.deliveries.length < BOARDS * ALERTS && Date.now() < end; )
		await delay(100);
	await delay(1_000);
	const mails = await Promise.all(sink.deliveries.map(({ raw }) => simpleParser(raw)));
	const ids = new Set(mails.map(({ messageId }) => messageId));
	const refusals = [...greylist.refused.values()].reduce((sum, count) => sum + count, 0);
	const crowded = postfix.log().split(TOO_MANY).length - 1;
	t.diagnostic(`boards ${BOARDS}, alerts raised ${BOARDS * ALERTS}, mails ${mails.length}, each once ${ids.size}`);
	t.diagnostic(
		`connections refused as too many ${crowded}, mails greylisted ${refusals}, admitted ${greylist.admitted}`,
	);
	assert.equal(ids.size, BOARDS * ALERTS);
	assert.equal(mails.length, BOARDS * ALERTS);
	for (const { name } of clients)
		assert.equal(mails.filter(({ subject }) => subject?.startsWith(`${name}: `)).length, ALERTS, name);
	assert.ok(crowded > 0, "the limit was met");
	assert.equal(greylist.refused.size, BOARDS, "each board was greylisted");
});
