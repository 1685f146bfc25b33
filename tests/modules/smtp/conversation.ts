import {
	SMTPClient,
	type SMTPError,
	type SMTPMessage,
	type SMTPOptions,
	type SMTPRefusal,
	type SMTPResult,
} from "smtp/client";
import Timer from "timer";
import { Server, type ServerRecord, type ServerSetup } from "./server";

export { as, ehlo, hello, lines } from "./server";

/** How a client and a scripted server got on. */
export interface Conversation extends ServerRecord {
	/** What the client told its user: "ready", "sent a@b", "refused ...", "error ...", "close". */
	events: string[];
	error: SMTPError | undefined;
	result: SMTPResult | undefined;
}

interface Setup extends Partial<SMTPOptions>, ServerSetup {
	/** The client; by default SMTPClient. */
	Client?: typeof SMTPClient;
	/** Called on every `onReady`, counting from 1. */
	ready?(client: SMTPClient, count: number): void;
	/** A message that is sent on the first `onReady`; the client quits after it. */
	mail?: SMTPMessage;
}

/** The text as a message source that gives at most `piece` bytes at a time. */
export function source(text: string, piece = 4096): SMTPMessage["body"] {
	let at = 0;
	return {
		read(buffer) {
			let count = 0;
			while (count < buffer.length && count < piece && at < text.length) buffer[count++] = text.charCodeAt(at++);
			return count;
		},
	};
}

export const mail = (body = "Hello\r\n", to: string | string[] = "you@b"): SMTPMessage => ({
	from: "me@a",
	to,
	body: source(body),
});

/** Lets a client talk to a scripted server until both have nothing more to say. */
export function converse(script: string, setup: Setup = {}): Promise<Conversation> {
	const { ready, mail, Client = SMTPClient, ...options } = setup;
	const server = new Server(script, setup);
	const events: string[] = [];
	let result: SMTPResult | undefined;
	let failure: SMTPError | undefined;
	return new Promise((resolve) => {
		const end = () => Timer.set(() => resolve({ ...server.end(), events, error: failure, result }), 5);
		let count = 0;
		const client = new Client({
			host: "mx",
			hostname: "me",
			security: "none",
			...server.providers,
			onReady() {
				events.push("ready");
				count++;
				if (ready) ready(client, count);
				else if (mail && count === 1) client.send(mail);
				else client.quit();
			},
			onSent(sent) {
				result = sent;
				events.push(`sent ${sent.accepted.join(" ")}`);
			},
			onRefused(error: SMTPError, rejected: readonly SMTPRefusal[]) {
				failure = error;
				events.push(`refused ${[error.phase, error.code, ...rejected.map((one) => one.address)].join(" ")}`);
			},
			onError(error) {
				failure = error;
				events.push(`error ${error.kind} ${error.phase}${error.code ? ` ${error.code}` : ""}`);
				end();
			},
			onClose() {
				events.push("close");
				end();
			},
			...options,
		});
	});
}
