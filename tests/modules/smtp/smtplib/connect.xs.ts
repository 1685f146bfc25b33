import { deepEqual, equal, ok, rejects, test, throws } from "harness";
import { SMTPError } from "smtp/error";
import { LMTP, SMTP, SMTPConnectError, SMTPServerDisconnected } from "smtp/smtplib";
import Timer from "timer";
import { ScriptedSocket, Server } from "../server";
import { dialogue, failing, hello, pause, type TalkSetup, talk } from "./talk";

const own = { connect: false } as const;
const both: readonly TalkSetup[] = [{ Class: SMTP }, { Class: LMTP }];

/** A resolver that writes down what it is asked for. */
const listening = (asked: string[], address: (host: string) => string | undefined = () => "192.0.2.1") => ({
	io: class {
		resolve({ host, onResolved, onError }: { host: string; onResolved: Resolved; onError(host: string): void }) {
			asked.push(host);
			const found = address(host);
			Timer.set(() => (found ? onResolved(host, found) : onError(host)));
		}
	},
});

type Resolved = (host: string, address: string) => void;

/** A socket that shows what it was made with. */
const showing = (seen: Record<string, unknown>[]) =>
	class extends ScriptedSocket {
		constructor(options: ConstructorParameters<typeof ScriptedSocket>[0]) {
			super(options);
			seen.push(options as unknown as Record<string, unknown>);
		}
	};

/** What the sockets were made with. */
async function sockets(script: string, body: (smtp: SMTP) => Promise<unknown>, setup: TalkSetup) {
	const seen: Record<string, unknown>[] = [];
	await dialogue(script, body, { ...own, ...setup, Socket: showing(seen) });
	return seen;
}

test("case 8: greeted with 220, and closed", async () => {
	for (const setup of both)
		await dialogue(
			"S: 220 x",
			async (smtp) => {
				deepEqual([smtp.connected, smtp.helo_resp, smtp.ehlo_resp], [true, undefined, undefined]);
				smtp.close();
				equal(smtp.connected, false);
			},
			setup,
		);
});

test('case 9: "host:25"', async () => {
	for (const { Class } of both) {
		const [seen] = await sockets("S: 220 x", (smtp) => smtp.connect("mx:25"), { Class });
		deepEqual([seen?.host, seen?.port], ["mx", 25]);
	}
});

test("case 10: source_address is kept and handed to the socket", async () => {
	for (const { Class } of both) {
		const source_address = ["192.0.2.7", 19876] as const;
		const [seen] = await sockets(
			"S: 220 x",
			async (smtp) => {
				await smtp.connect("mx");
				deepEqual(smtp.source_address, source_address);
			},
			{ Class, source_address },
		);
		deepEqual(seen?.source_address, source_address);
	}
});

test("case 11: local_hostname is kept, and is what EHLO says", async () => {
	await dialogue("S: 220 x\nC: EHLO testhost\nS: 250 mx", (smtp) => smtp.ehlo(), { local_hostname: "testhost" });
	await dialogue("S: 220 x\nC: LHLO testhost\nS: 250 mx", (smtp) => smtp.ehlo(), {
		Class: LMTP,
		local_hostname: "testhost",
	});
	equal(new SMTP({ ...new Server("").providers, local_hostname: "testhost" }).local_hostname, "testhost");
});

/** When a server that says nothing is given up: the last of these moments, in seconds. */
async function patience(setup: TalkSetup, moments: number[]): Promise<number> {
	let passed = 0;
	let given = -1;
	for (const seconds of moments) Timer.set(() => void (passed = seconds), seconds * 1000);
	await talk("", (smtp) => smtp.connect("mx").catch(() => void (given = passed)), { ...own, ...setup });
	await pause(100_000); // until the last of the timers has gone
	return given;
}

test("case 12: without a timeout, the client's own deadline", async () => {
	for (const { Class = SMTP } of both) equal(await patience({ Class }, [1, 59, 61]), 59);
});

test("case 13: there is no way to wait for ever, where smtplib has None", async () => {
	for (const { Class = SMTP } of both)
		equal(await patience({ Class, timeout: undefined as unknown as number }, [1, 59, 61]), 59);
});

test("case 14: a timeout of 30 s", async () => {
	for (const { Class = SMTP } of both) {
		equal(await patience({ Class, timeout: 30 }, [1, 29, 31]), 29);
		equal(new Class({ ...new Server("").providers, local_hostname: "me", timeout: 30 }).timeout, 30);
	}
});

test("case 15: a timeout of 0 is an error", () => {
	for (const { Class = SMTP } of both)
		for (const timeout of [0, -1, Number.NaN]) {
			const error = throws(() => new Class({ ...new Server("").providers, local_hostname: "me", timeout }), SMTPError);
			equal(error.kind, "argument");
		}
});

test("case 16: LMTP to a Unix socket, which nobody looks up", async () => {
	const asked: string[] = [];
	const [seen] = await sockets("S: 220 x", (smtp) => smtp.connect("/run/lmtp"), { Class: LMTP, dns: listening(asked) });
	deepEqual([seen?.address, asked], ["/run/lmtp", []]);
});

test("case 17: LMTP to a Unix socket with a timeout of 0 is an error", async () => {
	const { providers } = new Server("S: 220 x");
	const error = await rejects(
		async () => LMTP.open("/run/lmtp", 0, { ...providers, local_hostname: "me", timeout: 0 }),
		SMTPError,
	);
	equal(error.kind, "argument");
});

/** `open` with a scripted server. */
const open = (smtp: SMTP, host = "mx", port = 25) =>
	(smtp.constructor as typeof SMTP).open(host, port, (smtp as unknown as { options: never }).options);

test('case 18: greeted with "199 no hello"', async () => {
	const error = await failing(SMTPConnectError, "S: 199 no hello", (smtp) => open(smtp), own);
	deepEqual([error.smtp_code, error.smtp_error, error.name], [199, "no hello", "SMTPConnectError"]);
});

test("case 19: a port that is none", async () => {
	for (const [host, port] of [
		["mx", "bogus"],
		["mx:bogus", 0],
		["mx:", 0],
		["mx", 65536],
	] as const) {
		const { error, opened } = await talk("", (smtp) => smtp.connect(host, port as number), own);
		deepEqual([(error as SMTPError).kind, opened], ["argument", 0], `${host} ${port}`);
	}
});

test("case 20: a command before connect", async () => {
	for (const call of [(smtp: SMTP) => smtp.ehlo(), (smtp: SMTP) => smtp.putcmd("test msg")]) {
		const error = await failing(SMTPServerDisconnected, "", call, own);
		equal(error.message, "please run connect() first");
	}
});

test("case 21: close, and use, of an object that was never connected", () =>
	dialogue(
		"",
		async (smtp) => {
			smtp.close();
			smtp.close();
			equal(await smtp.use(() => "done"), "done");
		},
		own,
	));

/** What set_debuglevel lets see. */
async function debug(level: number, script: string, body: (smtp: SMTP) => Promise<unknown>): Promise<string[]> {
	const shown: string[] = [];
	await dialogue(
		script,
		async (smtp) => {
			smtp.set_debuglevel(level);
			await smtp.connect("mx");
			await body(smtp);
		},
		{ ...own, onDebug: (line) => void shown.push(line), allowCleartextAuth: true },
	);
	return shown;
}

test("case 22: debug level 1 shows the dialogue", async () => {
	const shown = await debug(1, `${hello("HELP")}C: QUIT\nS: 221 bye`, async (smtp) => {
		await smtp.ehlo();
		await smtp.quit();
	});
	deepEqual(shown, [
		"connect: mx 25",
		"reply: 220 x",
		"send: EHLO me",
		"reply: 250 mx\nHELP",
		"send: QUIT",
		"reply: 221 bye",
	]);
});

test("case 23: debug level 2 shows the time too", async () => {
	const shown = await debug(2, "S: 220 x", async () => {});
	for (const line of shown) {
		const [hours = "", minutes = "", seconds = ""] = line.slice(0, 12).split(":");
		ok(hours.length === 2 && minutes.length === 2 && seconds.length === 6 && !Number.isNaN(Number(seconds)), line);
	}
	deepEqual(
		shown.map((line) => line.slice(12)),
		[" connect: mx 25", " reply: 220 x"],
	);
});

test("case 24: debug shows no secret", async () => {
	const script = `${hello("AUTH PLAIN LOGIN")}
		C: AUTH PLAIN AHVzZXIAc2VzYW1l
		S: 535 no
		C: AUTH LOGIN dXNlcg==
		S: 334 UGFzc3dvcmQ6
		C: c2VzYW1l
		S: 535 no
		C: AUTH PLAIN AHVzZXIAc2VzYW1l
		S: 535 no
		C: AUTH LOGIN
		S: 334 VXNlcm5hbWU6
		C: dXNlcg==
		S: 334 UGFzc3dvcmQ6
		C: c2VzYW1l
		S: 235 ok`;
	const shown = await debug(1, script, async (smtp) => {
		await rejects(smtp.login("user", "sesame"));
		Object.assign(smtp, { user: "user", password: "sesame" });
		await rejects(smtp.auth("LOGIN"));
		await smtp.docmd("AUTH", "PLAIN AHVzZXIAc2VzYW1l");
		await smtp.docmd("AUTH", "LOGIN");
		await smtp.docmd("dXNlcg==");
		await smtp.docmd("c2VzYW1l");
	});
	deepEqual(shown.filter((line) => line.startsWith("send: ")).slice(1), [
		"send: AUTH PLAIN ***",
		"send: AUTH LOGIN ***",
		"send: ***",
		"send: AUTH PLAIN ***",
		"send: AUTH LOGIN",
		"send: ***",
		"send: ***",
	]);
});

test("case 25: greeted with 554 or 421", async () => {
	for (const { Class } of both)
		for (const [code, text] of [
			[554, "no"],
			[421, "busy"],
		] as const) {
			const error = await failing(SMTPConnectError, `S: ${code} ${text}`, (smtp) => open(smtp), { ...own, Class });
			deepEqual([error.smtp_code, error.smtp_error, error.temporary], [code, text, code === 421]);
		}
});

test("case 26: the end before the greeting", async () => {
	for (const { Class } of both)
		await failing(SMTPServerDisconnected, "(close)", (smtp) => smtp.connect("mx"), { ...own, Class });
});

test("case 27: a greeting of several lines", () =>
	dialogue("S: 220-x\nS: 220-y\nS: 220 z", async (smtp) => deepEqual(await smtp.connect("mx"), [220, "x\ny\nz"]), own));

test("case 28: a connection refused; resolvers give one address at a time, so the next connect takes the next", async () => {
	const addresses = ["192.0.2.1", "192.0.2.2"];
	const seen: unknown[] = [];
	class Refusing extends ScriptedSocket {
		constructor(options: ConstructorParameters<typeof ScriptedSocket>[0] & { address?: string }) {
			super(options);
			seen.push(options.address);
		}
		protected override begin(): void {
			if (seen.length) super.begin();
			else Timer.set(() => this.callbacks.onError());
		}
	}
	const body = async (smtp: SMTP) => {
		const error = await rejects(smtp.connect("mx"), SMTPError);
		deepEqual([error.kind, error.temporary, smtp.connected], ["connect", true, false]);
		deepEqual(await smtp.connect("mx"), [220, "x"]);
		equal((await rejects(smtp.connect("nowhere"), SMTPError)).message, "no address found for nowhere");
		equal(smtp.connected, false);
	};
	await dialogue("S: 220 x", body, { ...own, Socket: Refusing, dns: listening([], () => addresses.shift()) });
	deepEqual(seen, ["192.0.2.1", "192.0.2.2"]);
});

test("case 29: an IPv6 address is not split", async () => {
	const asked: string[] = [];
	for (const host of ["::1", "[::1]", "2001:db8::25"])
		await dialogue("S: 220 x", (smtp) => smtp.connect(host), { ...own, dns: listening(asked) });
	deepEqual(asked, ["::1", "[::1]", "2001:db8::25"]);
});
