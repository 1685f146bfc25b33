import { deepEqual, equal, rejects, test } from "harness";
import { SMTPError } from "smtp/error";
import {
	type SMTP,
	SMTP_SSL,
	SMTPNotSupportedError,
	SMTPResponseException,
	SMTPServerDisconnected,
} from "smtp/smtplib";
import { ScriptedTLS } from "../server";
import { dialogue, failing, hello, talk } from "./talk";

const QUIT = "C: QUIT\nS: 221 bye\n";

test("case 106: what was offered is forgotten with quit, and learned anew", () =>
	dialogue(`${hello("SIZE 100")}${QUIT}(close)\n${hello("SIZE 200")}${QUIT}`, async (smtp) => {
		await smtp.ehlo_or_helo_if_needed();
		equal(smtp.esmtp_features.get("size"), "100");
		await smtp.quit();
		deepEqual(
			[[...smtp.esmtp_features], smtp.ehlo_resp, smtp.helo_resp, smtp.does_esmtp],
			[[], undefined, undefined, false],
		);
		await smtp.connect("mx");
		await smtp.ehlo_or_helo_if_needed();
		equal(smtp.esmtp_features.get("size"), "200");
		await smtp.quit();
	}));

test("case 107: use says goodbye and closes; so may its body", async () => {
	await dialogue(`S: 220 x\nC: NOOP\nS: 250 ok\n${QUIT}`, async (smtp) => {
		deepEqual(await smtp.use(() => smtp.noop()), [250, "ok"]);
		equal(smtp.connected, false);
		await rejects(smtp.noop(), SMTPServerDisconnected);
	});
	await dialogue("S: 220 x", (smtp) => smtp.use(() => smtp.close()));
	await dialogue(`S: 220 x\n${QUIT}`, async (smtp) => {
		const thrown = new Error("the body's own");
		const caught = await smtp.use(() => Promise.reject(thrown)).catch((e) => e);
		deepEqual([caught === thrown, smtp.connected], [true, false]);
	});
	await dialogue("S: 220 x\nC: QUIT\n(close)", (smtp) => smtp.use(() => {}));
});

test("case 108: QUIT refused at the end of use", async () => {
	const error = await failing(SMTPResponseException, "S: 220 x\nC: QUIT\nS: 421 QUIT FAILED", (smtp) =>
		smtp.use(() => {}),
	);
	deepEqual([error.smtp_code, error.smtp_error], [421, "QUIT FAILED"]);
});

const STARTTLS = `${hello("STARTTLS", "AUTH PLAIN")}C: STARTTLS\n`;
/** EHLO, where the greeting has gone before. */
const again = (...offer: string[]) => hello(...offer).replace("S: 220 x\n", "");
const PASSWORD = "C: AUTH PLAIN AHUAcA==\nS: 235 ok\n";

test("case 109: STARTTLS, then everything anew", () =>
	dialogue(`${STARTTLS}S: 220 go\nTLS\n${again("AUTH PLAIN")}${PASSWORD}${QUIT}`, async (smtp) => {
		deepEqual(await smtp.starttls(), [220, "go"]);
		deepEqual([[...smtp.esmtp_features], smtp.ehlo_resp, smtp.does_esmtp], [[], undefined, false]);
		await smtp.login("u", "p");
		await smtp.quit();
	}));

test("case 110: TLS from the start, on port 465, with the options of tls; no STARTTLS within", async () => {
	const seen: unknown[] = [];
	class Showing extends ScriptedTLS {
		constructor(options: ConstructorParameters<typeof ScriptedTLS>[0]) {
			super(options);
			const { host, port, secure } = options as unknown as Record<string, unknown>;
			seen.push([host, port, secure]);
		}
	}
	const { transcript, error } = await talk(
		`TLS\n${hello("STARTTLS", "AUTH PLAIN")}${PASSWORD}${QUIT}`,
		async (smtp) => {
			const { tls } = (smtp as unknown as { options: { tls: Record<string, unknown> } }).options;
			tls.secure = { verify: true };
			await smtp.connect("mx");
			await smtp.login("u", "p");
			equal((await rejects(smtp.starttls(), SMTPError)).kind, "argument");
			await smtp.quit();
		},
		{ Class: SMTP_SSL, TLS: Showing, connect: false },
	);
	equal(error, undefined);
	equal(transcript.split("\n")[0], "TLS");
	deepEqual(seen, [["mx", 465, { verify: true }]]);
});

test("case 111: STARTTLS refused: an error; the connection stays as it was, without TLS", async () => {
	const error = await failing(SMTPResponseException, `${STARTTLS}S: 454 not now\nC: NOOP\nS: 250 ok`, async (smtp) => {
		try {
			await smtp.starttls();
		} finally {
			await smtp.noop();
			equal(smtp.has_extn("starttls"), true);
		}
	});
	deepEqual([error.smtp_code, error.smtp_error], [454, "not now"]);
});

test("case 112: STARTTLS not offered, or TLS not given", async () => {
	await failing(SMTPNotSupportedError, hello("AUTH PLAIN"), (smtp) => smtp.starttls());
	const error = await failing(SMTPError, "S: 220 x", (smtp) => {
		(smtp as unknown as { options: { tls: unknown } }).options.tls = undefined;
		return smtp.starttls();
	});
	equal(error.kind, "argument");
});

/** The error of a STARTTLS that goes wrong: everything is closed. */
const insecure = (rest: string) =>
	failing(SMTPError, STARTTLS + rest, async (smtp: SMTP) => {
		try {
			await smtp.starttls();
		} finally {
			equal(smtp.connected, false);
			await rejects(smtp.login("u", "p"), SMTPServerDisconnected);
		}
	});

test("case 113: bytes after the 220 and before the handshake: someone meddles", async () => {
	const error = await insecure("S: 220 go\nS: 250-mx\nS: 250 AUTH PLAIN");
	deepEqual([error.kind, error.phase], ["security", "STARTTLS"]);
});

test("case 114: a certificate that is not to be trusted: closed, and nothing said", async () => {
	const error = await insecure("S: 220 go\nTLS\n(fail)");
	deepEqual([error.kind, error.message.includes("certificate has expired")], ["security", true]);
	const implicit = await failing(SMTPError, "TLS\n(fail)", (smtp) => smtp.connect("mx"), {
		Class: SMTP_SSL,
		connect: false,
	});
	equal(implicit.kind, "security");
});
