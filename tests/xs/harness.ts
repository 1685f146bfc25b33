/**
 * Tests that run on XS, on the virtual board: a `*.xs.ts` file is the board's main module, calls `test` as often as it
 * likes, and each becomes a subtest of the Node test that `runXS`es the file. Tests run one after the other, in order.
 */
import Desk from "virtual/desk";

type Body = () => unknown;

interface Entry {
	name: string;
	body: Body;
}

const waiting: Entry[] = [];
let running = false;

/** Adds a test. It fails if its body throws, or returns a promise that rejects. */
export function test(name: string, body: Body): void {
	waiting.push({ name, body });
	if (running) return;
	running = true;
	void Promise.resolve().then(runAll);
}

/** Resolves after all promise jobs that are due now. */
export function turn(): Promise<void> {
	return Promise.resolve().then(() => {});
}

async function runAll(): Promise<void> {
	for (let entry = waiting.shift(); entry; entry = waiting.shift()) await run(entry);
	Desk.exit(0);
}

async function run({ name, body }: Entry): Promise<void> {
	Desk.report(JSON.stringify({ name }));
	try {
		await body();
		Desk.report(JSON.stringify({ ok: true }));
	} catch (error) {
		Desk.report(JSON.stringify({ ok: false, error: String(error) }));
	}
}

/** What a failed assertion throws. */
export class AssertionError extends Error {
	override get name(): string {
		return "AssertionError";
	}
}

export function fail(message: string): never {
	throw new AssertionError(message);
}

/** The value must be truthy. */
export function ok(value: unknown, message = "not truthy"): asserts value {
	if (!value) fail(`${message}: ${show(value)}`);
}

/** `Object.is`. */
export function equal<Value>(actual: Value, expected: Value, message = "not equal"): void {
	if (!Object.is(actual, expected)) fail(`${message}: ${show(actual)} is not ${show(expected)}`);
}

/** Arrays, buffers and plain objects, by what they hold. */
export function deepEqual(actual: unknown, expected: unknown, message = "not equal"): void {
	if (!isDeepEqual(actual, expected)) fail(`${message}: ${show(actual)} is not ${show(expected)}`);
}

/**
 * The body must throw.
 * @param expected a class it must be of, or a part of its message
 * @returns what it threw
 */
export function throws<Thrown extends Error = Error>(body: Body, expected?: Expected<Thrown>): Thrown {
	try {
		body();
	} catch (error) {
		return check(error, expected);
	}
	return fail("nothing was thrown");
}

/** As `throws`, for a promise or an async function. */
export async function rejects<Thrown extends Error = Error>(
	promise: Promise<unknown> | (() => Promise<unknown>),
	expected?: Expected<Thrown>,
): Promise<Thrown> {
	try {
		await (typeof promise === "function" ? promise() : promise);
	} catch (error) {
		return check(error, expected);
	}
	return fail("the promise was not rejected");
}

type Expected<Thrown> = string | (abstract new (...parameters: never[]) => Thrown);

function check<Thrown extends Error>(error: unknown, expected: Expected<Thrown> | undefined): Thrown {
	if (typeof expected === "string" && !String(error).includes(expected))
		fail(`${show(String(error))} does not contain ${show(expected)}`);
	if (typeof expected === "function" && !(error instanceof expected)) fail(`another error was thrown: ${error}`);
	return error as Thrown;
}

function isDeepEqual(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
	if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
	if (a instanceof ArrayBuffer) return isDeepEqual(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
	const keys = Object.keys(a);
	if (keys.length !== Object.keys(b).length) return false;
	return keys.every((key) => Object.hasOwn(b, key) && isDeepEqual((a as Plain)[key], (b as Plain)[key]));
}

type Plain = Record<string, unknown>;

/** A value for people, not longer than a few lines. */
export function show(value: unknown): string {
	const text = describe(value);
	return text.length > 400 ? `${text.slice(0, 400)}... (${text.length} characters)` : text;
}

function describe(value: unknown): string {
	if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "function") return String(value);
	if (value instanceof Error) return String(value);
	if (value instanceof ArrayBuffer) return `ArrayBuffer [${new Uint8Array(value)}]`;
	if (value instanceof Uint8Array) return `Uint8Array [${value}]`;
	try {
		return JSON.stringify(value) ?? String(value);
	} catch {
		return String(value);
	}
}
