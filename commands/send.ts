/** `./build.sh send`: one mail through the client on the virtual board, to any server. */
import { randomInt, X509Certificate } from "node:crypto";
import { fstatSync, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type JsonObject, VirtualBoard } from "../hardware/virtual/board.js";
import { boardTLS, configuredAuthorities } from "./authorities.js";
import { givenPath } from "./folder.js";
import { ConfigurationError, runCommand, UsageError } from "./options.js";
import { reasonOf } from "./reason.js";
import { describeHeap, describeOutcome } from "./send/describe.js";
import { Files } from "./send/files.js";
import type { Job } from "./send/job.js";
import { authorityFile, engineOf, isConfiguredServer, readSendOptions } from "./send/options.js";
import { type Heap, heapOf, Outcome, type Traffic } from "./send/outcome.js";
import { printable, styleFor } from "./terminal.js";

const plain = "commands/send/manifest.json";
const composed = "commands/send/manifest_composed.json";

/** How long a server may take to say goodbye: nobody waits for that, the mail has been dealt with. */
const GOODBYE_MS = 500;

const insecure =
	"--insecure: NOBODY IS VERIFIED. Whoever is on the way can read the password and the mail. Never do this with a real account.";

interface Session {
	job: Job;
	outcome: Outcome;
	traffic: Traffic;
	heap: Heap;
}

async function send(argv: string[]): Promise<number> {
	if (argv.includes("--insecure") && !argv.includes("--help")) process.stderr.write(`${insecure}\n`);
	if (argv.includes("--json") && !argv.includes("--help")) return sendForProgram(argv);
	const tell = (outcome: Outcome, job: Job) =>
		void process.stdout.write(describeOutcome(outcome, job, styleFor(process.stdout)));
	const { job, outcome, heap } = await session(argv, tell);
	if (job.trace && outcome.exitCode === 0) process.stderr.write(styleFor(process.stderr).dim(describeHeap(heap)));
	return outcome.exitCode;
}

/** Whoever asks for JSON gets one object, whatever happens. */
async function sendForProgram(argv: string[]): Promise<number> {
	let outcome = new Outcome([]);
	let done: Session | undefined;
	try {
		done = await session(argv);
		outcome = done.outcome;
	} catch (error) {
		outcome.fail(error);
	}
	process.stdout.write(`${JSON.stringify(outcome.json(done?.traffic, done?.heap))}\n`);
	return outcome.exitCode;
}

/**
 * Reads the command line and does what it says.
 * @param onKnown called when it is known how it went, which is before the session has ended
 * @throws UsageError
 */
async function session(argv: string[], onKnown?: (outcome: Outcome, job: Job) => void): Promise<Session> {
	const files = new Files();
	try {
		const job = await readSendOptions(argv, process.env, files, wholeInput);
		return { job, ...(await run(job, files, argv, (outcome) => onKnown?.(outcome, job))) };
	} finally {
		files.close();
	}
}

/** @throws UsageError */
function authorities(argv: string[]): string | undefined {
	const path = authorityFile(argv);
	if (path === undefined) return isConfiguredServer(argv) ? configuredTrust() : undefined;
	let text: string;
	try {
		text = readFileSync(givenPath(path), "utf8");
	} catch (error) {
		throw new UsageError(`--ca: ${path} cannot be read: ${reasonOf(error)}.`);
	}
	if (!hasCertificate(text)) throw new UsageError(`--ca: no certificate in ${path}; it takes PEM.`);
	return text;
}

/** The authorities that the board is to trust, so that what works here works there. @throws UsageError */
function configuredTrust(): string | undefined {
	try {
		return configuredAuthorities().join("") || undefined;
	} catch (error) {
		throw error instanceof ConfigurationError ? new UsageError(error.message) : error;
	}
}

function hasCertificate(text: string): boolean {
	try {
		return text.includes("-----BEGIN CERTIFICATE-----") && new X509Certificate(text).subject !== "";
	} catch {
		return false;
	}
}

function promptFor(what: string): void {
	if (process.stdin.isTTY) process.stderr.write(`Type the ${what}; Ctrl-D ends it.\n`);
}

/** A text or a page on standard input. */
async function wholeInput(): Promise<Uint8Array> {
	promptFor("text");
	const pieces: Buffer[] = [];
	for await (const piece of process.stdin) pieces.push(piece as Buffer);
	return Buffer.concat(pieces);
}

/** The message on standard input, when its first bytes are there. @throws UsageError where there are none */
async function messageInput(): Promise<Readable> {
	promptFor("message");
	const { stdin } = process;
	const first = await new Promise<Buffer | null>((resolve) => {
		const read = () => {
			const bytes: Buffer | null = stdin.read();
			if (bytes !== null || stdin.readableEnded) done(bytes);
		};
		const end = () => done(null);
		const done = (bytes: Buffer | null) => {
			stdin.off("readable", read).off("end", end);
			resolve(bytes);
		};
		stdin.on("readable", read).on("end", end);
	});
	if (first === null) throw new UsageError("--raw: standard input is empty, so there is no message.");
	stdin.unshift(first);
	return stdin;
}

/** Octets of the message on standard input, where that is a file. */
function inputSize(): number | undefined {
	const input = fstatSync(0);
	return input.isFile() ? input.size : undefined;
}

async function run(
	job: Job,
	files: Files,
	argv: string[],
	onKnown: (outcome: Outcome) => void,
): Promise<Omit<Session, "job">> {
	const ca = authorities(argv);
	const input = job.raw ? await messageInput() : undefined;
	if (job.raw) job.size = inputSize();
	const board = await VirtualBoard.start({
		collectAlways: true, // the memory it tells of is what is in use
		manifest: job.contents ? composed : plain,
		config: { ...job } as unknown as JsonObject,
		seed: randomInt(1, 2 ** 31),
		network: {
			connected: true,
			tls: { ...(isConfiguredServer(argv) ? boardTLS : {}), ...(ca === undefined ? {} : { ca }) },
		},
		input,
		files: files.readers,
		now: new Date(job.mail.date),
		...engineOf(argv),
	});
	const outcome = new Outcome(job.to, job);
	const { dim } = styleFor(process.stderr);
	board.on("trace", (line) => process.stderr.write(`${printable(line)}\n`));
	const known = new Promise<void>((resolve) => {
		board.on("report", (line) => {
			if (line.startsWith("trace ")) process.stderr.write(`${dim(printable(line.slice("trace ".length)))}\n`);
			else outcome.take(line);
			if (outcome.isKnown) resolve();
		});
	});
	void board.exited.then(({ reason }) => outcome.ended(`the program on the virtual board ended: ${reason}`));
	await Promise.race([known, board.exited]);
	onKnown(outcome);
	await Promise.race([board.exited, sleep(GOODBYE_MS, undefined, { ref: false })]);
	const heap = heapOf(await board.figures());
	await board.close();
	return { outcome, traffic: board.traffic, heap };
}

await runCommand("send", send);
