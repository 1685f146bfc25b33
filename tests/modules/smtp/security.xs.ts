import { deepEqual, equal, ok, test } from "harness";
import Timer from "timer";
import { as, converse, ehlo, hello, mail } from "./conversation";
import { ScriptedTLS } from "./server";

const required = { security: "required" } as const;
const login = { user: "Mr.A@somewhere.com", password: "somepassword" };
const PLAIN = "AUTH PLAIN AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=";

test("STARTTLS, then everything anew: what was offered in the clear does not count", async () => {
	const script = `
		${hello("AUTH LOGIN", "PIPELINING", "STARTTLS")}
		C: STARTTLS
		S: 220 go ahead
		TLS
		${ehlo("AUTH PLAIN")}
		C: ${PLAIN}
		S: 235 welcome
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<you@b>
		S: 250 ok
		C: DATA
		S: 354 go
		C: Hello
		C: .
		S: 250 ok
		C: QUIT
		S: 221 bye`;
	const { transcript, events, opened, closed } = await converse(script, { ...required, ...login, mail: mail() });
	equal(transcript, as(script));
	deepEqual(events, ["ready", "sent you@b", "ready", "close"]);
	deepEqual([opened, closed], [2, 2]);
});

test("implicit TLS: from the first byte, and no STARTTLS inside it", async () => {
	const script = `
		TLS
		${hello("STARTTLS", "AUTH PLAIN")}
		C: ${PLAIN}
		S: 235 welcome
		C: QUIT
		S: 221 bye`;
	const { transcript, events, opened, closed } = await converse(script, { security: "implicit", ...login });
	equal(transcript, as(script));
	deepEqual(events, ["ready", "close"]);
	deepEqual([opened, closed], [1, 1]);
});

test("stripping: STARTTLS not offered, an error, nothing else said", async () => {
	const script = `
		${hello("AUTH PLAIN")}`;
	const { transcript, events, error } = await converse(script, { ...required, ...login });
	equal(transcript, as(script));
	deepEqual(events, ["error security STARTTLS"]);
	equal(error?.temporary, false);
});

test("stripping by a server that knows no EHLO: no HELO, no mail", async () => {
	const script = `
		S: 220 mx
		C: EHLO me
		S: 502 what`;
	const { transcript, events } = await converse(script, { ...required, mail: mail() });
	equal(transcript, as(script));
	deepEqual(events, ["error refused EHLO 502"]);
});

test("STARTTLS refused", async () => {
	const script = `
		${hello("STARTTLS")}
		C: STARTTLS
		S: 454 4.7.0 not now`;
	const { transcript, events, error } = await converse(script, { ...required, ...login });
	equal(transcript, as(script));
	deepEqual(events, ["error security STARTTLS 454"]);
	equal(error?.temporary, true);
});

test("injection: bytes after the 220, before the handshake", async () => {
	const script = `
		${hello("STARTTLS")}
		C: STARTTLS
		S: 220 go ahead
		S: 250-mx
		S: 250 AUTH PLAIN`;
	const { transcript, events, opened, closed } = await converse(script, { ...required, ...login });
	equal(transcript, as(script));
	deepEqual(events, ["error security STARTTLS"]);
	deepEqual([opened, closed], [1, 1]);
});

test("downgrade in the second EHLO: no AUTH, no password", async () => {
	const script = `
		${hello("AUTH PLAIN", "STARTTLS")}
		C: STARTTLS
		S: 220 go ahead
		TLS
		${ehlo()}`;
	const { transcript, events } = await converse(script, { ...required, ...login });
	equal(transcript, as(script));
	deepEqual(
		events,
		["error authentication AUTH 250"].map((event) => event.replace(" 250", "")),
	);
});

test("a handshake that fails says why, and nothing follows", async () => {
	const script = `
		${hello("STARTTLS")}
		C: STARTTLS
		S: 220 go ahead
		TLS
		(fail)`;
	const { transcript, events, error } = await converse(script, { ...required, ...login });
	equal(transcript, as(script));
	deepEqual(events, ["error security TLS"]);
	ok(error?.message.includes("certificate has expired"), error?.message);
	const implicit = await converse("TLS\n(fail)", { security: "implicit", ...login });
	deepEqual(implicit.events, ["error security TLS"]);
});

test("TLS that fails says whether that may pass: no memory may, a certificate does not", async () => {
	const start = `${hello("STARTTLS")}\nC: STARTTLS\nS: 220 go ahead`;
	for (const temporary of [true, false, undefined])
		for (const isConstructor of [true, false]) {
			const reason = Object.assign(new Error("no TLS"), temporary === undefined ? {} : { temporary });
			class Failing extends ScriptedTLS {
				protected override begin(): void {
					if (isConstructor) throw reason;
					Timer.set(() => this.callbacks.onError(reason));
				}
			}
			for (const security of ["required", "implicit"] as const) {
				const script = security === "implicit" ? "" : start;
				const { events, error } = await converse(script, { security, TLS: Failing });
				deepEqual(events, ["error security TLS"]);
				// by default what a constructor throws is of the moment, what a handshake ends with is the server's doing
				equal(error?.temporary, temporary ?? isConstructor);
			}
		}
});

test("without TLS a password is not sent, unless asked for in so many words", async () => {
	const script = `
		${hello("AUTH PLAIN LOGIN")}`;
	const { transcript, events } = await converse(script, {
		security: "opportunistic",
		allowCleartextAuth: true,
		...login,
	});
	equal(transcript, as(script));
	deepEqual(events, ["error authentication AUTH"]);
});

test("opportunistic: TLS where offered, else, or where refused, without", async () => {
	const plain = `
		${hello()}
		C: QUIT
		S: 221 bye`;
	const refused = `
		${hello("STARTTLS")}
		C: STARTTLS
		S: 454 not now
		C: QUIT
		S: 221 bye`;
	const secured = `
		${hello("STARTTLS")}
		C: STARTTLS
		S: 220 go
		TLS
		${ehlo()}
		C: QUIT
		S: 221 bye`;
	for (const script of [plain, refused, secured])
		equal((await converse(script, { security: "opportunistic" })).transcript, as(script));
});
