/** One wrong answer on the way to a server that is well: the alert waits, and goes. In virtual time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { patience } from "../patience.js";
import { HANG_UP, MailServer, type MailServerOptions } from "./mail-server.js";
import { HOUR, MINUTE, VirtualApp } from "./virtual.js";

const account = { smtpUser: "board", smtpPassword: "secret" };
const first =
	<Value>(value: Value) =>
	(session: number) =>
		session === 0 ? value : undefined;
const auth = (answer: string) => (line: string, session: number) =>
	session === 0 && line.startsWith("AUTH") ? answer : undefined;
const to = (verb: string, answer: string) => (line: string, session: number) =>
	session === 0 && line.startsWith(verb) ? answer : undefined;

/** What the first session meets, by what is wrong with it. */
const foreign: Record<string, MailServerOptions> = {
	"a captive portal that speaks HTTP": { greeting: first("HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n") },
	"a portal's certificate": { tls: first("its certificate comes from Portal CA, which is not trusted") },
	"STARTTLS missing": { answer: to("EHLO", "250-portal\r\n250 AUTH PLAIN LOGIN") },
	"AUTH missing": { extensions: (session) => (session === 0 ? ["PIPELINING"] : ["PIPELINING", "AUTH PLAIN"]) },
	"a password refused": { answer: auth("535 5.7.8 no") },
	"a greeting that refuses": { greeting: first("554 5.7.1 go away") },
	// their kin
	"a greeting that refuses and hangs up": { greeting: first(`554 5.7.1 go away${HANG_UP}`) },
	"a greeting of another protocol": { greeting: first("+OK POP3 ready") },
	"a server that hangs up at once": { greeting: first(HANG_UP) },
	"a server that says nothing": { greeting: first("") },
	"EHLO refused": { answer: to("EHLO", "550 5.7.1 no") },
	"EHLO and HELO unknown": {
		answer: (line, session) => (session === 0 && /^.E?HLO|^EHLO|^HELO/.test(line) ? "502 what" : undefined),
	},
	"STARTTLS refused": { answer: to("STARTTLS", "454 4.7.0 not now") },
	"STARTTLS refused for good": { answer: to("STARTTLS", "501 5.5.4 no") },
	"words between STARTTLS and TLS": { answer: to("STARTTLS", "220 go ahead\r\n250 injected") },
	"an expired certificate": { tls: first("its certificate has expired") },
	"no mechanism of ours": { extensions: (session) => ["PIPELINING", session === 0 ? "AUTH GSSAPI" : "AUTH PLAIN"] },
	"an account that is locked": { answer: auth("454 4.7.0 too many logins") },
	"a mechanism refused": { answer: auth("504 5.5.4 unrecognized") },
	"a login that ends the connection": { answer: auth(HANG_UP) },
	"a login that is not answered": { answer: auth("") },
	"a sender refused": { answer: to("MAIL", "550 5.7.1 sender not allowed") },
	"a login wanted for MAIL": { answer: to("MAIL", "530 5.7.0 authentication required") },
	"a login wanted for RCPT": { answer: to("RCPT", "530 5.7.0 authentication required") },
	"TLS wanted for MAIL": { answer: to("MAIL", "530 5.7.0 must issue a STARTTLS command first") },
	"nonsense in the envelope": { answer: to("RCPT", "Content-Type: text/html") },
	"a message answered by nonsense": { answer: to("message", "<html>") },
	"an end of the session": { answer: to("DATA", "421 4.3.2 shutting down") },
};

for (const [name, options] of Object.entries(foreign))
	test(`${name}, once, before a well server: the alert is delivered within the hour`, patience, async (t) => {
		const server = new MailServer(options);
		const app = await VirtualApp.start(t, { servers: [server], tls: true, config: account });
		await app.ready();
		await app.press();
		const ms = await app.until(": sent", HOUR, 1_000);
		t.diagnostic(`${(ms / MINUTE).toFixed(1)} minutes, ${server.sessions} sessions`);
		assert.equal(server.mails.length, 1);
		assert.ok(
			app.alerts.some((line) => line.startsWith("failed: ")),
			app.alerts.join("\n"),
		);
		assert.ok(!app.alerts.some((line) => line.startsWith("undelivered")), app.alerts.join("\n"));
	});
