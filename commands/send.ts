/** `./build.sh send`: one mail through the client on the virtual board, to any server. */
import { fstatSync, readFileSync } from "node:fs";
import { type JsonObject, VirtualBoard } from "../hardware/virtual/board.js";
import { runCommand, UsageError } from "./options.js";
import { describeHeap, describeOutcome } from "./send/describe.js";
import type { Job } from "./send/job.js";
import { authorityFile, engineOf, readSendOptions } from "./send/options.js";
import { type Heap, heapOf, Outcome, type Traffic } from "./send/outcome.js";
import { printable, styleFor } from "./terminal.js";

const manifest = "commands/send/manifest.json";

const insecure =
	"--insecure: NOBODY IS VERIFIED. Whoever is on the way can read the password and the mail. Never do this with a real account.";

interface Session {
	outcome: Outcome;
	traffic: Traffic;
	heap: Heap;
}

async function send(argv: string[]): Promise<number> {
	if (argv.includes("--insecure") && !argv.includes("--help")) process.stderr.write(`${insecure}\n`);
	if (argv.includes("--json") && !argv.includes("--help")) return sendForProgram(argv);
	const job = readSendOptions(argv, process.env);
	if (job.raw && process.stdin.isTTY) process.stderr.write("Type the message; Ctrl-D ends it.\n");
	const { outcome, heap } = await run(job, argv);
	process.stdout.write(describeOutcome(outcome, job, styleFor(process.stdout)));
	if (outcome.exitCode === 0) process.stdout.write(styleFor(process.stdout).dim(describeHeap(heap)));
	return outcome.exitCode;
}

/** Whoever asks for JSON gets one object, whatever happens. */
async function sendForProgram(argv: string[]): Promise<number> {
	let outcome = new Outcome([]);
	let session: Session | undefined;
	try {
		session = await run(readSendOptions(argv, process.env), argv);
		outcome = session.outcome;
	} catch (error) {
		outcome.fail(error);
	}
	process.stdout.write(`${JSON.stringify(outcome.json(session?.traffic, session?.heap))}\n`);
	return outcome.exitCode;
}

/** @throws UsageError */
function authorities(argv: string[]): string | undefined {
	const path = authorityFile(argv);
	if (path === undefined) return undefined;
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		throw new UsageError(`--ca: ${path} cannot be read: ${(error as Error).message}`);
	}
}

/** Octets of the message on standard input, where that is a file. */
function inputSize(): number | undefined {
	const input = fstatSync(0);
	return input.isFile() ? input.size : undefined;
}

async function run(job: Job, argv: string[]): Promise<Session> {
	const ca = authorities(argv);
	if (job.raw) job.size = inputSize();
	const board = await VirtualBoard.start({
		manifest,
		config: { ...job } as unknown as JsonObject,
		network: { connected: true, tls: ca === undefined ? {} : { ca } },
		input: job.raw ? process.stdin : undefined,
		now: new Date(job.date),
		...engineOf(argv),
	});
	const outcome = new Outcome(job.to);
	const { dim } = styleFor(process.stderr);
	board.on("trace", (line) => process.stderr.write(`${printable(line)}\n`));
	board.on("report", (line) => {
		if (line.startsWith("trace ")) process.stderr.write(`${dim(printable(line.slice("trace ".length)))}\n`);
		else outcome.take(line);
	});
	const { reason } = await board.exited;
	outcome.ended(`the program on the virtual board ended: ${reason}`);
	return { outcome, traffic: board.traffic, heap: heapOf(await board.figures()) };
}

await runCommand("send", send);
