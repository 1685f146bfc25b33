import { equal, fail, ok } from "harness";
import { SMTP, type SMTPLibOptions } from "smtp/smtplib";
import Timer from "timer";
import { as, Server, type ServerSetup } from "../server";

export { as, hello } from "../server";

export interface TalkSetup extends Partial<SMTPLibOptions>, ServerSetup {
	/** SMTP_SSL or LMTP instead of SMTP. */
	Class?: typeof SMTP;
	/** False: the body connects by itself. */
	connect?: boolean;
}

export interface Talk<T> {
	/** What was really said. */
	transcript: string;
	/** How many sockets were opened; as many were closed. */
	opened: number;
	/** What the body returned, or threw. */
	value: T | undefined;
	error: unknown;
}

type Body<T> = (smtp: SMTP) => T | Promise<T>;

/** Lets `body` talk to a scripted server; nothing may be left open. */
export async function talk<T>(script: string, body: Body<T>, setup: TalkSetup = {}): Promise<Talk<T>> {
	const { Class = SMTP, connect = true, ...options } = setup;
	const server = new Server(script, setup);
	const smtp = new Class({ ...server.providers, local_hostname: "me", ...options });
	const talked: Talk<T> = { transcript: "", opened: 0, value: undefined, error: undefined };
	try {
		if (connect) await smtp.connect("mx");
		talked.value = await body(smtp);
	} catch (e) {
		talked.error = e;
	}
	await pause(5);
	smtp.close();
	const { transcript, opened, closed } = server.end();
	equal(closed, opened, "a socket was not closed");
	return { ...talked, transcript, opened };
}

/** As `talk`, with a body that succeeds and a server that hears what the script says. */
export async function dialogue<T>(script: string, body: Body<T>, setup?: TalkSetup): Promise<T> {
	const { transcript, error, value } = await talk(script, body, setup);
	if (error) throw error;
	equal(transcript, as(script));
	return value as T;
}

/** As `dialogue`, with a body that ends with an error of this class. */
export async function failing<E extends Error>(
	Class: abstract new (...parameters: never[]) => E,
	script: string,
	body: Body<unknown>,
	setup?: TalkSetup,
): Promise<E> {
	const { transcript, error } = await talk(script, body, setup);
	if (error === undefined) fail("nothing was thrown");
	ok(error instanceof Class, `another error was thrown: ${error}`);
	equal(transcript, as(script));
	return error;
}

/** Milliseconds of the board's time. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => void Timer.set(() => resolve(), ms));

/** The UTF-8 of a text as transcripts show it: a character a byte. */
export const utf8 = (text: string): string => {
	const bytes = new Uint8Array(ArrayBuffer.fromString(text));
	let result = "";
	for (const byte of bytes) result += String.fromCharCode(byte);
	return result;
};
