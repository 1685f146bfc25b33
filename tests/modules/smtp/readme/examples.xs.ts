import { deepEqual, equal, test } from "harness";
import { SMTPClient } from "smtp/client";
import Timer from "timer";
import { source } from "../conversation";
import { lines, Server } from "../server";
import {
	asking,
	authenticating,
	composing,
	failing,
	frozen,
	type Network,
	notifying,
	one,
	porting,
	several,
	storing,
} from "./examples";

const HOST = Object.freeze({ host: "mail.example.net", security: "none" } as const);

/** Runs an example against a scripted server, which must hear what the script says; what the example logs is compared too. */
async function run(
	script: string,
	example: (network: Network, log: (line: string) => void) => unknown,
	expected: string[] = [],
): Promise<void> {
	const server = new Server(script);
	const logged: string[] = [];
	await example({ ...server.providers, hostname: "[192.0.2.7]" }, (line) => logged.push(line));
	await new Promise((resolve) => Timer.set(resolve as () => void, 100));
	const { transcript, opened, closed } = server.end();
	equal(transcript, lines(script).join("\n"));
	deepEqual(logged, expected);
	equal(closed, opened);
}

const HELLO = "S: 220 mx\nC: EHLO [192.0.2.7]\nS: 250-mx\n";
const QUIT = "C: QUIT\nS: 221 bye";
const SECURE = `${HELLO}S: 250 STARTTLS
	C: STARTTLS
	S: 220 go
	TLS
	C: EHLO [192.0.2.7]
	S: 250-mx\n`;
const LOGIN = "C: AUTH PLAIN AGNlbGxhckBleGFtcGxlLm5ldABhbiBhcHAgcGFzc3dvcmQ=\nS: 235 ok\n";

/** A mail, to Bob too, who is not known. */
const delivery = (size: string) => `
	C: MAIL FROM:<cellar@example.net>${size}
	S: 250 ok
	C: RCPT TO:<ada@example.net>
	S: 250 ok
	C: RCPT TO:<bob@example.net>
	S: 550 5.1.1 who
	C: DATA
	S: 354 go
	C: Subject: Water
	C: ${""}
	C: The cellar is wet.
	C: .
	S: 250 ok\n`;

test("send", () =>
	run(`${SECURE}S: 250-SIZE 100000\nS: 250 AUTH PLAIN\n${LOGIN}${delivery(" SIZE=35")}${QUIT}`, one, [
		"bob@example.net was refused: 550 who",
		"sent to ada@example.net",
	]));

const ONE = (body: string) => `
	C: MAIL FROM:<cellar@example.net>
	S: 250 ok
	C: RCPT TO:<ada@example.net>
	S: 250 ok
	C: DATA
	S: 354 go
	C: ${body}
	C: .\n`;

test("client", () =>
	run(`${SECURE}S: 250 HELP\n${ONE("one")}S: 250 ok\n${ONE("two")}S: 552 full\nC: RSET\nS: 250 ok\n${QUIT}`, several, [
		"sent to ada@example.net",
		"the message was refused: 552 full",
		"done",
	]));

test("flash", () => {
	const sent = `${SECURE}S: 250 AUTH PLAIN\n${LOGIN}${ONE("Subject: Water\nC:\nC: The cellar is wet.")}`;
	return run(`${sent}S: 250 ok\n${QUIT}`, frozen);
});

const MESSAGE = Object.freeze({ from: "cellar@example.net", to: "ada@example.net" });

test("errors", async () => {
	const sending: typeof one = (network, log) => failing({ ...network, ...HOST, ...MESSAGE, body: source("x") }, log);
	await run("S: 421 busy", sending, ["again in 300 s"]);
	const script = `${HELLO}S: 250 HELP\nC: MAIL FROM:<cellar@example.net>\nS: 550 5.7.1 not you\nC: RSET\nS: 250 ok\n${QUIT}`;
	await run(script, sending, ["refused MAIL 550 5.7.1: the sender was refused: 550 5.7.1 not you"]);
});

test("auth", () =>
	run(
		`${SECURE}S: 250 AUTH XOAUTH2 PLAIN
		C: AUTH XOAUTH2 dXNlcj1jZWxsYXJAZXhhbXBsZS5uZXQBYXV0aD1CZWFyZXIgdAEB
		S: 235 ok\n${QUIT}`,
		(network) => authenticating(network, (done) => Timer.set(() => done("t"))),
	));

/** A client on which `use` is called once it is ready; then it quits. */
const ready = (network: Network, use: (client: SMTPClient) => void): void => {
	let used = false;
	const client = new SMTPClient({
		...network,
		...HOST,
		onReady() {
			if (used) return client.quit();
			used = true;
			use(client);
		},
	});
};

test("dsn", () =>
	run(
		`${HELLO}S: 250 DSN
		C: MAIL FROM:<cellar@example.net> RET=HDRS ENVID=alert+2042
		S: 250 ok
		C: RCPT TO:<ada@example.net> NOTIFY=NEVER
		S: 250 ok
		C: RCPT TO:<bob@example.net> NOTIFY=FAILURE,DELAY ORCPT=rfc822;robert@example.net
		S: 250 ok
		C: DATA
		S: 354 go
		C: Subject: Water
		C: ${""}
		C: The cellar is wet.
		C: .
		S: 250 ok\n${QUIT}`,
		(network) => ready(network, notifying),
	));

test("command", async () => {
	const script = (reply: string) => `${HELLO}S: 250 HELP\nC: VRFY ada\nS: ${reply}\n${QUIT}`;
	const example: typeof several = (network, log) => ready(network, (client) => asking(client, log));
	await run(script("250 Ada <ada@example.net>"), example, ["known as Ada <ada@example.net>"]);
	await run(script("550 who"), example, ["unknown: 550 who"]);
});

test("lmtp", () =>
	run(
		`S: 220 store
		C: LHLO [192.0.2.7]
		S: 250 store
		C: MAIL FROM:<cellar@example.net>
		S: 250 ok
		C: RCPT TO:<ada>
		S: 250 ok
		C: RCPT TO:<bob>
		S: 250 ok
		C: DATA
		S: 354 go
		C: Subject: Water
		C: ${""}
		C: The cellar is wet.
		C: .
		S: 250 ok
		S: 452 full\n${QUIT}`,
		storing,
		["not for bob: 452"],
	));

test("smtplib", () =>
	run(`${SECURE}S: 250-SIZE 100000\nS: 250 AUTH PLAIN\n${LOGIN}${delivery(" SIZE=38")}${QUIT}`, porting, [
		"bob@example.net was refused: 550 5.1.1 who",
	]));

test("send_message", () =>
	run(
		`${SECURE}S: 250 HELP
		C: MAIL FROM:<cellar@example.net>
		S: 250 ok
		C: RCPT TO:<ada@example.net>
		S: 250 ok
		C: RCPT TO:<bob@example.net>
		S: 550 5.1.1 who
		C: DATA
		S: 354 go
		C: From: Cellar <cellar@example.net>
		C: To: Ada <ada@example.net>
		C: Subject: Water
		C: MIME-Version: 1.0
		C: Content-Type: text/plain; charset=utf-8
		C: Content-Transfer-Encoding: 7bit
		C: ${""}
		C: The cellar is wet.
		C: .
		S: 250 ok\n${QUIT}`,
		composing,
		["bob@example.net was refused: 550 5.1.1 who"],
	));
