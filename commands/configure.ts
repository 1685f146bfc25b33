/** `./build.sh configure`: Wi-Fi, mail account and the rest, checked and written to manifest_local.json. */
import { createInterface } from "node:readline/promises";
import { type Config, needsTLS, readConfig } from "../config.js";
import { configuredAuthorities, namesOf } from "./authorities.js";
import { writeLocal } from "./configure/file.js";
import { defaultOf, flagOf, type KeyDescription, keys, shown, typed, wrongAddress } from "./configure/keys.js";
import { ask } from "./configure/questions.js";
import { chooseAuthorities, type Trust } from "./configure/trust.js";
import { firmwareAdvice, firmwareProblemsOf } from "./firmware.js";
import {
	type CommandLine,
	EX_CONFIG,
	EX_UNAVAILABLE,
	type Given,
	type Option,
	readCommandLine,
	runCommand,
	UsageError,
} from "./options.js";
import { pinWarnings } from "./pins.js";
import {
	appManifest,
	configOf,
	configuredValues,
	localManifest,
	problemsOf,
	readManifest,
	type Values,
} from "./settings.js";
import { styleFor } from "./terminal.js";

const options: Record<string, Option> = {};
for (const description of keys) {
	options[flagOf(description.key)] = { value: description.value, help: description.help };
	if (description.secret)
		options[`${flagOf(description.key)}-env`] = { value: "NAME", help: "the same, from an environment variable" };
}
options.ca = {
	value: "FILE",
	help: "trust the authorities in this file, PEM or DER, and no others: for TLS on the board",
	repeatable: true,
};
options["ask-server"] = { help: "connect to the mail server and trust the authority that vouches for it" };
options.show = { help: "show what is configured, without secrets, and change nothing" };

const line: CommandLine<string> = {
	usage: "./build.sh configure [OPTIONS]",
	about: `Asks for what the board needs and writes it to ${localManifest}, which only you can read and git ignores. With options it asks nothing and sets what they say; an empty value removes a key. With TLS the board trusts a few certificate authorities, no more: those that a known provider has, or see --ca and --ask-server.`,
	options,
	notes: `Exit code: 0 written (--show: complete), 69 written, but a board cannot send with it yet, 78 something is missing or makes no sense: nothing was written, 64 wrong usage.`,
};

async function configure(argv: string[]): Promise<number> {
	const given = readCommandLine(line, argv);
	if (given.flag("show")) return show();
	configuredValues(); // before any question: what is wrong in the file has to be mended there
	const current = configOf(localManifest);
	const asks = argv.length === 0;
	if (asks && !(process.stdin.isTTY && process.stdout.isTTY))
		throw new UsageError("There is no terminal to ask questions at; give the values as options.");
	const values = asks ? await ask({ input: process.stdin, output: process.stdout }, current) : merge(current, given);
	const all: Values = { ...configOf(appManifest), ...values };
	const problems = problemsOf(all);
	if (problems.length > 0) {
		for (const { key, problem } of problems) {
			const wrong = wrongAddress(key, all[key]);
			process.stderr.write(`${key}: ${problem}${wrong ? `, not "${wrong}"` : ""}\n`);
		}
		process.stderr.write(`Nothing was written. ./build.sh configure --help tells what can be set.\n`);
		return EX_CONFIG;
	}
	const { config } = readConfig(all);
	const trust = await trustFor(config, given, asks);
	writeLocal(localManifest, values, trust?.authorities);
	if (trust?.authorities.length)
		process.stdout.write(`\nThe board will trust ${namesOf(trust.authorities)}, ${trust.origin}.\n`);
	process.stdout.write(
		`\nWritten: ${localManifest}\nNext: ./build.sh send --configured sends a mail from here, ./build.sh flash sets up the board.\n`,
	);
	return warn(all) ? EX_UNAVAILABLE : 0;
}

/** Whom the board is to trust; undefined where it needs no TLS. */
async function trustFor(config: Config, given: Given<string>, asks: boolean): Promise<Trust | undefined> {
	const files = given.values("ca");
	const asksServer = given.flag("ask-server");
	if (files.length > 0 && asksServer) throw new UsageError("--ca says whom to trust, --ask-server asks: which?");
	if (needsTLS(config)) {
		const options = { files, asksServer, ...(asks ? { confirm } : {}) };
		try {
			return await chooseAuthorities(config, readManifest(localManifest), options);
		} catch (error) {
			if (!asks) throw error;
			process.stderr.write(`\n${(error as Error).message}\n`); // the answers are not lost for that
			return { authorities: [], origin: "" };
		}
	}
	if (files.length > 0 || asksServer) throw new UsageError("With smtpSecurity none there is nobody to trust.");
	return undefined;
}

async function confirm(question: string): Promise<boolean> {
	const lines = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return !/^n/i.test(await lines.question(`\n  ${question}, yes or no [yes]: `));
	} finally {
		lines.close();
	}
}

/** Says what the board could not do with what was written, and what its pins do. @returns whether it could not do all */
function warn(values: Values): boolean {
	for (const warning of pinWarnings(readConfig(values).config)) process.stderr.write(`${warning}\n`);
	const [first] = firmwareProblemsOf(values);
	if (!first) return false;
	const { yellow } = styleFor(process.stderr);
	process.stderr.write(`${yellow("But a board cannot send with this.")} ${first.key}: ${first.problem}.\n`);
	process.stderr.write(`${firmwareAdvice}\n`);
	return true;
}

function merge(current: Values, given: Given<string>): Values {
	const values = { ...current };
	for (const description of keys) {
		const text = givenFor(description, given);
		if (text === undefined) continue;
		if (text === "") delete values[description.key];
		else values[description.key] = typed(description, text);
	}
	return values;
}

function givenFor({ key, secret }: KeyDescription, given: Given<string>): string | undefined {
	const flag = flagOf(key);
	const direct = given.value(flag);
	const variable = secret ? given.value(`${flag}-env`) : undefined;
	if (variable === undefined) return direct;
	if (direct !== undefined) throw new UsageError(`--${flag} and --${flag}-env exclude each other.`);
	const value = process.env[variable];
	if (value === undefined) throw new UsageError(`--${flag}-env: there is no environment variable ${variable}.`);
	return value;
}

function show(): number {
	const local = configOf(localManifest);
	const values = { ...configOf(appManifest), ...local };
	const { config } = readConfig(values);
	const { dim } = styleFor(process.stdout);
	for (const description of keys) {
		const value = shown(description, local[description.key]);
		const preset = defaultOf(description, config);
		process.stdout.write(`${description.key.padEnd(20)}${value || dim(preset ? `${preset} (default)` : "-")}\n`);
	}
	const authorities = needsTLS(config) ? configuredAuthorities() : [];
	process.stdout.write(`${"authorities".padEnd(20)}${namesOf(authorities) || dim("-")}\n`);
	const problems = problemsOf(values);
	for (const { key, problem } of problems) process.stdout.write(`\n${key}: ${problem}`);
	if (problems.length > 0) process.stdout.write("\n");
	else warn(values);
	configuredValues(); // what is there, and read by nobody
	return problems.length > 0 ? EX_CONFIG : 0;
}

await runCommand("configure", configure);
