import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { qemu } from "../../../../hardware/virtual/build-engine.js";
import { RECORD_BYTES, recordedSpecials } from "./machine.js";
import type { Program } from "./programs.js";

/** What a machine has made of a program. */
export interface Outcome {
	/** What it has written: the records, then the data. */
	output: Buffer;
	/** How it ended, and what it said. */
	status: string;
	errors: string;
}

/** How long a program may take, however busy the computer is. */
const DEADLINE_MS = 120_000;

/** Runs a program in QEMU. */
export function onQEMU(path: string): Promise<Outcome> {
	const [program, ...parameters] = qemu;
	return execute(program as string, [...parameters, path]);
}

/** Runs a program on our core. @param sim the machine's program @param options `--counted` for the model of cycles */
export function onCore(sim: string, path: string, ...options: string[]): Promise<Outcome> {
	return execute(sim, ["--report", ...options, path]);
}

function execute(program: string, parameters: string[]): Promise<Outcome> {
	const child = spawn(program, parameters, { stdio: ["ignore", "pipe", "pipe"], timeout: DEADLINE_MS });
	const output: Buffer[] = [];
	const errors: Buffer[] = [];
	child.stdout.on("data", (bytes: Buffer) => output.push(bytes));
	child.stderr.on("data", (bytes: Buffer) => errors.push(bytes));
	return new Promise((resolve, reject) => {
		child.once("error", reject);
		child.once("close", (code, signal) =>
			resolve({ output: Buffer.concat(output), status: signal ?? `${code}`, errors: `${Buffer.concat(errors)}` }),
		);
	});
}

/** The instructions that our core says it has executed. */
export function instructionsOf({ errors }: Outcome): number {
	return Number(/(\d+) instructions/.exec(errors)?.[1]);
}

/** Writes a program to a file that is gone after the test. */
export function writeProgram(context: TestContext, { file }: Program): string {
	const folder = mkdtempSync(join(tmpdir(), "chip-core-"));
	context.after(() => rmSync(folder, { recursive: true }));
	const path = join(folder, "program");
	writeFileSync(path, file);
	return path;
}

/** The first difference, in words; undefined: there is none. */
export function difference({ steps }: Program, expected: Outcome, actual: Outcome): string | undefined {
	const [one, other] = [expected.output, actual.output];
	const at = firstDifference(one, other) & ~3;
	if (at < 0)
		return one.length === other.length && expected.status === actual.status
			? undefined
			: describeEnds(expected, actual);
	const index = Math.floor(at / RECORD_BYTES);
	const word = (at % RECORD_BYTES) / 4;
	const where = steps[index] ? `after step ${index} (${steps[index]}): ${registerName(word)}` : `data at ${at}`;
	return `${where} is ${hexadecimal(other, at)} in place of ${hexadecimal(one, at)}`;
}

/** Its position; -1: one begins as the other does. */
function firstDifference(one: Buffer, other: Buffer): number {
	const length = Math.min(one.length, other.length);
	for (let at = 0; at < length; at++) if (one[at] !== other[at]) return at;
	return -1;
}

function describeEnds(expected: Outcome, actual: Outcome): string {
	const ends = [expected, actual].map(
		({ output, status, errors }) => `${output.length} bytes, exit ${status} ${errors}`,
	);
	return `${ends[1]}, in place of ${ends[0]}`;
}

function registerName(word: number): string {
	return word < 16 ? `a${word}` : (recordedSpecials[word - 16] ?? "?");
}

function hexadecimal(bytes: Buffer, at: number): string {
	return at + 4 <= bytes.length ? bytes.readUInt32LE(at).toString(16).padStart(8, "0") : "nothing";
}
