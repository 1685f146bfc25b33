/** Command-line options: one table says what there is, how it is checked and what `--help` prints. */
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { nearest } from "./nearest.js";
import { messageOf, reasonOf } from "./reason.js";

/** Exit codes of sysexits(3) that the commands use. */
export const EX_USAGE = 64;
export const EX_UNAVAILABLE = 69;
export const EX_SOFTWARE = 70;
export const EX_IOERR = 74;
export const EX_TEMPFAIL = 75;
export const EX_CONFIG = 78;

/** How wide a terminal has to be for the help. */
const COLUMNS = 80;

/** The command was called wrongly; its message is for the person who typed it. */
export class UsageError extends Error {
	override name = "UsageError";
}

/** The configuration, or the file that it is in, is of no use; the message says what to do. */
export class ConfigurationError extends Error {
	override name = "ConfigurationError";
}

/** Something that the command needs is not here; the message says how to get it. */
export class UnavailableError extends Error {
	override name = "UnavailableError";
}

export interface Option {
	/** What the value stands for in the help, such as "HOST"; absent: a flag without a value. */
	value?: string;
	/** May be given more than once. */
	repeatable?: boolean;
	help: string;
}

export interface CommandLine<Name extends string> {
	/** The first line of the help: what is typed. */
	usage: string;
	/** What the command does, in a sentence or some. */
	about: string;
	options: Record<Name, Option>;
	/** What stands below the options. */
	notes?: string;
	/** How many arguments that are no options it takes; 0 when absent. */
	arguments?: number;
}

export interface Given<Name extends string> {
	/** The value of an option that was given, the last one if given twice. */
	value(name: Name): string | undefined;
	values(name: Name): string[];
	flag(name: Name): boolean;
	arguments: string[];
}

/**
 * Reads a command line. `--help`, or `-h`, prints the help and ends the process with 0.
 * @throws UsageError on an unknown option, a missing value, or too many arguments
 */
export function readCommandLine<Name extends string>(line: CommandLine<Name>, argv: string[]): Given<Name> {
	if (argv.includes("--help") || argv.includes("-h")) {
		process.stdout.write(helpText(line));
		process.exit(0);
	}
	const { values, positionals } = parse(line, argv);
	const most = line.arguments ?? 0;
	if (positionals.length > most) throw new UsageError(`There is nothing that "${positionals[most]}" could mean here.`);
	const all = (name: Name): (string | boolean)[] => values[name] ?? [];
	return {
		value: (name) => all(name).at(-1) as string | undefined,
		values: (name) => all(name) as string[],
		flag: (name) => all(name).length > 0,
		arguments: positionals,
	};
}

function parse<Name extends string>(line: CommandLine<Name>, argv: string[]) {
	const names = Object.keys(line.options) as Name[];
	const config = names.map((name) => [name, { type: line.options[name].value ? "string" : "boolean", multiple: true }]);
	try {
		const { values, positionals } = parseArgs({
			args: joinNegativeNumbers(argv),
			options: Object.fromEntries(config),
			allowPositionals: true,
			strict: true,
		});
		const lists = values as Partial<Record<Name, (string | boolean)[]>>;
		for (const name of names) {
			if ((lists[name]?.length ?? 0) > 1 && !line.options[name].repeatable)
				throw new UsageError(`--${name} is given more than once.`);
		}
		return { values: lists, positionals };
	} catch (error) {
		if (error instanceof UsageError) throw error;
		throw new UsageError(withoutAdvice(error) + meantBy(error, names));
	}
}

/** `--timeout -1` as `--timeout=-1`: parseArgs would take the number for an option. */
function joinNegativeNumbers(argv: string[]): string[] {
	const joined: string[] = [];
	for (const word of argv) {
		const before = joined.at(-1) ?? "";
		if (/^-\d/.test(word) && /^--[^=]+$/.test(before)) joined.push(`${joined.pop()}=${word}`);
		else joined.push(word);
	}
	return joined;
}

/** parseArgs' message without its advice, which is of no use here. */
function withoutAdvice(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	const [, option] = /^Option '(--[^ ']+).*argument is ambiguous/.exec(message) ?? [];
	if (option) return `${option}: a value that begins with "-" is given as ${option}=VALUE.`;
	return `${(message.split(/\n|\. /)[0] ?? "").replace(/\.$/, "")}.`;
}

/** The option that a person may have meant, as a sentence; empty where none is like it. */
function meantBy(error: unknown, names: readonly string[]): string {
	const [, unknown = ""] = /^Unknown option '--([^']+)'/.exec((error as Error).message) ?? [];
	const meant = unknown && nearest(unknown, names);
	return meant ? ` --${meant} is meant?` : "";
}

/** The text of `--help`. */
export function helpText<Name extends string>(line: CommandLine<Name>): string {
	const rows: [string, string][] = [];
	for (const [name, option] of Object.entries<Option>(line.options)) {
		const value = option.value ? ` ${option.value}` : "";
		rows.push([`--${name}${value}${option.repeatable ? " ..." : ""}`, option.help]);
	}
	rows.push(["--help", "this text"]);
	const width = Math.max(...rows.map(([left]) => left.length)) + 4;
	const lines = rows.map(([left, right]) => `  ${left}`.padEnd(width) + wrap(right, width));
	const notes = line.notes ? `\n${wrap(line.notes)}\n` : "";
	return `${line.usage}\n\n${wrap(line.about)}\n\n${lines.join("\n")}\n${notes}`;
}

/** Breaks a text into lines of 80 columns, of which all but the first begin with an indent. */
function wrap(text: string, indent = 0): string {
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(/\s+/)) {
		if (line !== "" && indent + line.length + 1 + word.length > COLUMNS) {
			lines.push(line);
			line = "";
		}
		line += line === "" ? word : ` ${word}`;
	}
	lines.push(line);
	return lines.join(`\n${" ".repeat(indent)}`);
}

/** An integer option within bounds. */
export function integer(name: string, text: string, least: number, most: number): number {
	const number = Number(text);
	if (text.trim() === "" || !Number.isInteger(number) || number < least || number > most)
		throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`);
	return number;
}

/**
 * Runs a command; what it throws becomes its message and an exit code: wrong usage 64, what is missing 69, configuration
 * 78, else 70.
 */
export async function runCommand(name: string, command: (argv: string[]) => Promise<number>): Promise<void> {
	process.exitCode = EX_SOFTWARE; // a command that never comes to its end has not succeeded
	endWithReader(process.stdout, name);
	endWithReader(process.stderr, name);
	try {
		process.exitCode = await command(process.argv.slice(2));
	} catch (error) {
		const usage = error instanceof UsageError;
		const text = messageOf(error);
		process.stderr.write(`${name}: ${text}\n${usage ? `./build.sh ${name} --help tells what can be said.\n` : ""}`);
		process.exitCode = exitCodeOf(error);
	}
}

function exitCodeOf(error: unknown): number {
	if (error instanceof UsageError) return EX_USAGE;
	if (error instanceof UnavailableError) return EX_UNAVAILABLE;
	return error instanceof ConfigurationError ? EX_CONFIG : EX_SOFTWARE;
}

/**
 * Whoever reads the output may have seen enough (`| head -1`): the command ends as SIGPIPE ends others. Where the output
 * cannot be written for another reason, that is said where it still can be.
 */
function endWithReader(stream: NodeJS.WriteStream, name: string): void {
	stream.on("error", (error: NodeJS.ErrnoException) => {
		if (error.code === "EPIPE") process.exit(128 + constants.signals.SIGPIPE);
		if (stream === process.stdout)
			process.stderr.write(`${name}: What it says cannot be written: ${reasonOf(error)}.\n`);
		process.exit(EX_IOERR);
	});
}
