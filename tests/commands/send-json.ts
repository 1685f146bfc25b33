/** Calls `./build.sh send --json` as a program does. */
import type { TestContext } from "node:test";
import type { SMTPServerOptions } from "smtp-server";
import { Inbox } from "../../commands/inbox.js";
import { command, type Result } from "./command.js";

interface Sent extends Result {
	/** What `--json` printed. */
	json: {
		ok: boolean;
		accepted: string[];
		rejected: { address: string; code: number; enhanced: string | null; text: string }[];
		error: Record<"name" | "phase" | "enhanced" | "text" | "hint", string> & { code: number; temporary: boolean };
		roundTrips: number;
		bytesSent: number;
		heap: Record<string, number>;
	};
}

export async function startInbox(t: TestContext, server: SMTPServerOptions = {}): Promise<Inbox> {
	const inbox = await Inbox.start({ server });
	t.after(() => inbox.close());
	return inbox;
}

export interface Call {
	host?: string;
	tls?: string;
	from?: string;
	to?: string[];
	ehlo?: string;
	options?: string[];
	input?: string | Uint8Array;
	env?: NodeJS.ProcessEnv;
}

/** Calls `send --json`, without TLS if nothing else is said. */
export async function send(port: number, call: Call = {}) {
	const { host = "127.0.0.1", tls = "none", from = "a@example.org", to = ["b@example.org"] } = call;
	const { ehlo = "[127.0.0.1]", options = [], input, env } = call;
	const envelope = ["--from", from, ...to.flatMap((address) => ["--to", address])];
	const where = ["--host", host, "--port", String(port), "--tls", tls, "--ehlo", ehlo];
	const result = await command("send", [...where, ...envelope, "--json", ...options], { input, env });
	return { ...result, json: JSON.parse(result.stdout) } as Sent;
}

/** A message of about so many bytes, with lines that begin with dots. */
export function message(bytes: number): Buffer {
	const header = "From: a@example.org\r\nTo: b@example.org\r\nSubject: size\r\n\r\n";
	const line = ".dots and more, 0123456789 0123456789 0123456789 0123456789\r\n";
	return Buffer.from(header + line.repeat(Math.ceil((bytes - header.length) / line.length)));
}
