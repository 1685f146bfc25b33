/**
 * What `./build.sh send` runs on the virtual board: one message, one session. The job comes as `mc/config`, a whole
 * message as the board's input; what happened goes to the desk, a line at a time. So that the memory figures are those of
 * the client, success costs one short line, and the heap of the manifest grows in small steps: peaks are then what is in
 * use, not what waits to be collected.
 */
import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";
import { MailError } from "mail/error";
import { Message } from "mail/message";
import config from "mc/config";
import Net from "net";
import { Resolver } from "network/resolver";
import { LOGIN, type Mechanism, PLAIN } from "smtp/auth";
import { type MessageSource, SMTPClient, SMTPError, type SMTPOptions, type SMTPRefusal } from "smtp/client";
import { CRAM_MD5 } from "smtp/crammd5";
import { OAUTHBEARER, XOAUTH2 } from "smtp/oauth";
import Timer from "timer";
import Desk from "virtual/desk";
import type { Job } from "./job";

const job = config as unknown as Job;

function mechanisms(name: string | undefined): readonly Mechanism[] | undefined {
	const known = [PLAIN, LOGIN, CRAM_MD5, XOAUTH2, OAUTHBEARER];
	const chosen = known.find((mechanism) => mechanism.name === name);
	return chosen && [chosen];
}

function message(): MessageSource {
	if (job.raw) return Desk;
	const { from, to, subject, text, messageId } = job;
	return new Message({ from, to, subject, text, messageId, date: new Date(job.date) });
}

function reportRefusals(rejected: readonly SMTPRefusal[]): void {
	for (const { address, code, enhanced, text } of rejected)
		Desk.report(`rejected ${JSON.stringify({ address, code, enhanced, text })}`);
}

function reportError(error: unknown): void {
	if (error instanceof SMTPError) {
		const { name, kind, phase, code, enhanced, text, message, temporary } = error;
		Desk.report(`error ${JSON.stringify({ name, kind, phase, code, enhanced, text: text || message, temporary })}`);
		return;
	}
	const { name, message } = error as Error;
	const kind = error instanceof MailError ? "argument" : "internal";
	Desk.report(`error ${JSON.stringify({ name, kind, phase: "message", text: message, temporary: false })}`);
}

const { host, port, security, user, password, token, hostname, from, to } = job;
let client: SMTPClient | undefined;

function run(): void {
	const options: SMTPOptions = {
		host,
		port,
		security,
		socket: { io: TCP },
		tls: { io: TLSSocket },
		dns: { io: Resolver, net: Net },
		hostname,
		user,
		password,
		token,
		mechanisms: mechanisms(job.mechanism),
		allowCleartextAuth: job.allowCleartextAuth,
		timeout: job.timeoutMs,
		message: { from, to, body: message() },
		onSent({ rejected }) {
			client?.quit();
			reportRefusals(rejected);
			Desk.report("sent");
		},
		onRefused(error, rejected) {
			client?.quit();
			reportRefusals(rejected);
			reportError(error);
		},
		onError(error) {
			reportError(error);
			Desk.exit(0);
		},
		onClose() {
			Desk.exit(0);
		},
		onTrace: job.trace ? (line: string) => Desk.report(`trace ${line}`) : undefined,
	};
	Desk.mark();
	client = new SMTPClient(options);
}

// In a callback, as on a device, and not in the module's body, which holds a part of the stack.
Timer.set(() => {
	try {
		run();
	} catch (error) {
		reportError(error);
		Desk.exit(0);
	}
});
