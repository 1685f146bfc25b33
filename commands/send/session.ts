/**
 * What `./build.sh send` runs on the virtual board: one message, one session. The job comes as `mc/config`, a whole
 * message as the board's input; what happened goes to the desk, a line at a time. So that the memory figures are those of
 * the client, this is preloaded, success costs one short line, and the manifest's heap grows in small steps: peaks are
 * then what is in use, not what waits to be collected.
 */
import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";
import { MailError } from "mail/error";
import { Message } from "mail/message";
import config from "mc/config";
import Net from "net";
import { Resolver } from "network/resolver";
import { LOGIN, type Mechanism, PLAIN } from "smtp/auth";
import {
	type MessageSource,
	SMTPClient,
	SMTPError,
	type SMTPMessage,
	type SMTPOptions,
	type SMTPRefusal,
	type SMTPReply,
} from "smtp/client";
import { CRAM_MD5 } from "smtp/crammd5";
import { LMTPClient } from "smtp/lmtp";
import { OAUTHBEARER, XOAUTH2 } from "smtp/oauth";
import Desk from "virtual/desk";
import type { Job } from "./job";

/** Sends the job's message, reports what comes of it and ends the run. */
export function run(): void {
	send(undefined);
}

/** The same. @param compose makes the message, if it is more than a text: what that takes of memory is counted too */
export function send(compose: ((job: Job) => MessageSource) | undefined): void {
	try {
		const job = config as unknown as Job;
		if (compose) Desk.mark();
		const options = optionsOf(job, compose);
		if (!compose) Desk.mark();
		if (job.lmtp) new LMTPClient(options);
		else new SMTPClient(options);
	} catch (error) {
		reportError(error);
		Desk.exit(0);
	}
}

function optionsOf(job: Job, compose: ((job: Job) => MessageSource) | undefined): SMTPOptions {
	const { host, port, security, user, password, token, hostname, allowCleartextAuth, pipelining, chunking } = job;
	return {
		host,
		port,
		security,
		socket: { io: TCP },
		tls: job.insecure ? { io: TLSSocket, secure: { verify: false } } : { io: TLSSocket },
		dns: { io: Resolver, net: Net },
		hostname,
		user,
		password,
		token,
		mechanisms: mechanisms(job.mechanism),
		allowCleartextAuth,
		timeout: job.timeoutMs,
		pipelining,
		chunking,
		message: job.verify === undefined ? message(job, compose ?? body) : undefined,
		onReady: job.verify === undefined ? undefined : onReady,
		onSent,
		onRefused,
		onError,
		onClose,
		onTrace: job.trace ? onTrace : undefined,
	};
}

function onReady(this: SMTPClient): void {
	const { verify, utf8 } = config as unknown as Job;
	this.command(`VRFY ${verify}`, (reply) => onVerified(this, reply), utf8);
}

function onVerified(client: SMTPClient, { code, enhanced, text }: SMTPReply): void {
	Desk.report(`verified ${JSON.stringify({ code, enhanced, text })}`);
	client.quit();
}

function onSent(this: SMTPClient, { rejected }: { rejected: readonly SMTPRefusal[] }): void {
	this.quit();
	reportRefusals(rejected);
	Desk.report("sent");
}

function onRefused(this: SMTPClient, error: SMTPError, rejected: readonly SMTPRefusal[]): void {
	this.quit();
	reportRefusals(rejected);
	reportError(error);
}

function onError(error: SMTPError): void {
	reportError(error);
	Desk.exit(0);
}

function onClose(): void {
	Desk.exit(0);
}

function onTrace(line: string): void {
	Desk.report(`trace ${line}`);
}

function mechanisms(name: string | undefined): readonly Mechanism[] | undefined {
	for (const mechanism of [PLAIN, LOGIN, CRAM_MD5, XOAUTH2, OAUTHBEARER])
		if (mechanism.name === name) return [mechanism];
	return undefined;
}

function message(job: Job, body: (job: Job) => MessageSource): SMTPMessage {
	const { from, to, size, utf8, dsn } = job;
	return { from, to, body: body(job), size, utf8, dsn };
}

function body({ raw, mail }: Job): MessageSource {
	return raw ? Desk : new Message(mail);
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
