/** The command line of `./build.sh send`, and the job that it stands for. */
import type { EngineTarget } from "../../hardware/virtual/board.js";
import { boardEngine, engineOption } from "../engine.js";
import { type CommandLine, type Given, readCommandLine, UsageError } from "../options.js";
import { configuredJob, mechanisms, readAccount } from "./account.js";
import { readNotification } from "./dsn.js";
import type { Files } from "./files.js";
import type { Job } from "./job.js";
import { readMessage } from "./message.js";

export type Name =
	| "host"
	| "port"
	| "tls"
	| "user"
	| "password-env"
	| "auth"
	| "from"
	| "to"
	| "subject"
	| "text"
	| "html"
	| "attach"
	| "inline"
	| "cc"
	| "bcc"
	| "reply-to"
	| "priority"
	| "header"
	| "raw"
	| "ehlo"
	| "timeout"
	| "allow-cleartext-auth"
	| "ca"
	| "insecure"
	| "lmtp"
	| "dsn"
	| "smtputf8"
	| "no-pipelining"
	| "no-chunking"
	| "verify"
	| "configured"
	| "engine"
	| "trace"
	| "json";

const line: CommandLine<Name> = {
	usage: "./build.sh send --host HOST --from ADDRESS --to ADDRESS [OPTIONS]",
	about:
		"Sends one mail with the SMTP client that runs on the board, from this machine, to any server:\nto try a mail account before anything is flashed.",
	options: {
		host: { value: "HOST", help: "the mail server" },
		port: { value: "PORT", help: "its port (default: 587 required, 465 implicit, 25 none)" },
		tls: { value: "MODE", help: "required (STARTTLS), implicit or none (default: required)" },
		user: { value: "NAME", help: "user name to log in with" },
		"password-env": { value: "NAME", help: "environment variable that holds the password, or the access token" },
		auth: { value: "MECH", help: `log in with this mechanism: ${mechanisms.join(", ")}\n(default: PLAIN or LOGIN)` },
		from: { value: "ADDRESS", help: "who sends, and gets it back if it cannot be delivered" },
		to: { value: "ADDRESS", help: "who gets it; several with commas, or --to again", repeatable: true },
		subject: { value: "TEXT", help: 'the subject (default: "Test")' },
		text: { value: "TEXT", help: "the text, or - for standard input (default: a sentence)" },
		html: {
			value: "PAGE",
			help: 'the same as a page: HTML, which begins with "<", or a file, or - for standard input',
		},
		attach: { value: "FILE", help: "a file to go with it", repeatable: true },
		inline: {
			value: "FILE",
			help: "an image for the page, which calls it cid:NAME by the file's name: ASCII letters, digits and - _ + . only",
			repeatable: true,
		},
		cc: { value: "ADDRESS", help: "who gets it too", repeatable: true },
		bcc: { value: "ADDRESS", help: "who gets it without the others knowing", repeatable: true },
		"reply-to": { value: "ADDRESS", help: "where answers go", repeatable: true },
		priority: { value: "LEVEL", help: "high, normal or low" },
		header: { value: "FIELD", help: 'a field of your own: "Name: value"', repeatable: true },
		raw: { help: "send standard input as it is, a whole message with its header" },
		ehlo: { value: "NAME", help: "name to introduce itself with (default: this machine's address)" },
		timeout: {
			value: "SECONDS",
			help: "how long to wait for each answer (default: 30 to connect, 300 for the last one, else 60)",
		},
		"allow-cleartext-auth": { help: "send the password even without TLS" },
		ca: {
			value: "FILE",
			help: "trust the authorities in this file (PEM), and no others (default: those that Node trusts;\nwith --configured those that the board does)",
		},
		insecure: { help: "trust whoever answers: for tests only" },
		lmtp: { help: "speak LMTP, to a mail store; --host may be the path of a Unix socket" },
		dsn: {
			value: "WORDS",
			help: "ask for delivery reports: never, or success, failure, delay; full or headers;\nid=TEXT; with commas between them; a server that offers none gets nothing",
		},
		smtputf8: { help: "addresses, or the header of --raw, have characters beyond ASCII; not every server takes them" },
		"no-pipelining": { help: "wait for the reply to each command" },
		"no-chunking": { help: "send the message with DATA even if the server takes BDAT" },
		verify: { value: "ADDRESS", help: "send nothing: ask the server whether it knows this address (VRFY)" },
		configured: { help: "take what is not given here from manifest_local.json (./build.sh configure)" },
		engine: engineOption,
		trace: { help: "show the dialogue on standard error, secrets masked, and in the end the memory it took" },
		json: { help: "print one JSON object instead of sentences" },
	},
	notes: `Exit code: 0 all recipients accepted, 3 some refused, 75 failed but may work later,
69 failed for good, 64 wrong usage: nothing was sent.`,
};

/**
 * @param files takes what the message is made of; whoever made it closes it
 * @param stdin all of standard input
 * @throws UsageError
 */
export async function readSendOptions(
	argv: string[],
	env: NodeJS.ProcessEnv,
	files: Files,
	stdin: () => Promise<Uint8Array>,
): Promise<Job> {
	const given = readCommandLine(line, argv);
	const base = given.flag("configured") ? configuredJob() : {};
	return {
		...readAccount(given, env, base),
		...features(given),
		...(await readMessage(given, base, files, stdin)),
		raw: given.flag("raw"),
		trace: given.flag("trace"),
	};
}

/** `--engine`, for the board. @throws UsageError */
export function engineOf(argv: string[]): { engine?: EngineTarget } {
	return boardEngine(readCommandLine(line, argv).value("engine"));
}

/** The file of `--ca`, which is the desk's business: the board's TLS trusts what it is made to trust. */
export function authorityFile(argv: string[]): string | undefined {
	return readCommandLine(line, argv).value("ca");
}

/** Whether it goes to the server that is configured, where the configured authorities are right. */
export function isConfiguredServer(argv: string[]): boolean {
	const given = readCommandLine(line, argv);
	return given.flag("configured") && given.value("host") === undefined && !given.flag("insecure");
}

function features(given: Given<Name>): Partial<Job> {
	const dsn = given.value("dsn");
	if (given.flag("insecure") && given.value("ca") !== undefined)
		throw new UsageError("--ca says whom to trust, and --insecure to trust anyone: which?");
	return {
		insecure: given.flag("insecure") || undefined,
		lmtp: given.flag("lmtp") || undefined,
		dsn: dsn === undefined ? undefined : readNotification(dsn),
		utf8: given.flag("smtputf8") || undefined,
		pipelining: given.flag("no-pipelining") ? false : undefined,
		chunking: given.flag("no-chunking") ? false : undefined,
		verify: given.value("verify"),
	};
}
