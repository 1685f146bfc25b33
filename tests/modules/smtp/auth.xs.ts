import { deepEqual, equal, ok, test } from "harness";
import { LOGIN, PLAIN } from "smtp/auth";
import { converse, lines } from "./conversation";

const as = (script: string) => lines(script).join("\n");
const login = { user: "Mr.A@somewhere.com", password: "somepassword", allowCleartextAuth: true };

const dialogue = (offer: string, rest: string) => `
	S: 220 mx
	C: EHLO me
	S: 250-mx
	S: 250 ${offer}
	${rest}`;

test("PLAIN with the command", async () => {
	const script = dialogue(
		"AUTH PLAIN LOGIN",
		`C: AUTH PLAIN AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=
		S: 235 2.7.0 welcome
		C: QUIT
		S: 221 bye`,
	);
	const { transcript, events } = await converse(script, login);
	equal(transcript, as(script));
	deepEqual(events, ["ready", "close"]);
});

test("PLAIN for a server that wants to be asked first", async () => {
	const script = dialogue(
		"AUTH PLAIN",
		`C: AUTH PLAIN AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=
		S: 334
		C: AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=
		S: 235 welcome
		C: QUIT
		S: 221 bye`,
	);
	equal((await converse(script, login)).transcript, as(script));
});

test("LOGIN obeys the prompts, whether or not the server heeds the initial response", async () => {
	const heeded = dialogue(
		"auth login",
		`C: AUTH LOGIN TXIuQUBzb21ld2hlcmUuY29t
		S: 334 UGFzc3dvcmQ6
		C: c29tZXBhc3N3b3Jk
		S: 235 welcome
		C: QUIT
		S: 221 bye`,
	);
	const ignored = dialogue(
		"AUTH=LOGIN",
		`C: AUTH LOGIN TXIuQUBzb21ld2hlcmUuY29t
		S: 334 VXNlcm5hbWU6
		C: TXIuQUBzb21ld2hlcmUuY29t
		S: 334 UGFzc3dvcmQ6
		C: c29tZXBhc3N3b3Jk
		S: 235 welcome
		C: QUIT
		S: 221 bye`,
	);
	equal((await converse(heeded, login)).transcript, as(heeded));
	equal((await converse(ignored, login)).transcript, as(ignored));
});

test("a server that asks for ever more is cancelled and given up", async () => {
	const script = dialogue(
		"AUTH LOGIN",
		`C: AUTH LOGIN TXIuQUBzb21ld2hlcmUuY29t
		S: 334 QnVHZ1liVWdHeQ==
		C: c29tZXBhc3N3b3Jk
		S: 334 QnVHZ1liVWdHeQ==
		C: *
		S: 501 cancelled`,
	);
	const { transcript, events } = await converse(script, login);
	equal(transcript, as(script));
	deepEqual(events, ["error authentication AUTH 501"]);
	const prompts = dialogue(
		"AUTH LOGIN",
		`C: AUTH LOGIN TXIuQUBzb21ld2hlcmUuY29t\n${"S: 334 VXNlcm5hbWU6\nC: TXIuQUBzb21ld2hlcmUuY29t\n".repeat(20)}`,
	);
	deepEqual((await converse(prompts, login)).events, ["error authentication AUTH 334"]);
});

test("a refusal is the end: the password is not tried elsewhere", async () => {
	const script = dialogue(
		"AUTH LOGIN PLAIN",
		"C: AUTH PLAIN AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=\nS: 535 5.7.8 Username and Password not accepted",
	);
	const { transcript, events, error } = await converse(script, login);
	equal(transcript, as(script));
	deepEqual(events, ["error authentication AUTH 535"]);
	deepEqual([error?.enhanced, error?.temporary], ["5.7.8", false]);
	ok(!error?.message.includes("somepassword"));
});

test("a temporary failure says so", async () => {
	const script = dialogue(
		"AUTH PLAIN",
		"C: AUTH PLAIN AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=\nS: 454 4.7.0 later",
	);
	equal((await converse(script, login)).error?.temporary, true);
});

test("a server without AUTH, or with none that fits, is an error", async () => {
	const none = await converse(dialogue("HELP", ""), login);
	equal(none.error?.message, "the server offers no authentication");
	const other = await converse(dialogue("AUTH GSSAPI XPLAIN PLAINX", ""), login);
	equal(other.error?.message, "the server offers none of PLAIN, LOGIN");
});

test("mechanisms in the order that is asked for", async () => {
	const script = dialogue("AUTH PLAIN LOGIN", "C: AUTH LOGIN TXIuQUBzb21ld2hlcmUuY29t\nS: 503 you are already");
	ok(
		(await converse(`${script}\nC: QUIT\nS: 221 bye`, { ...login, mechanisms: [LOGIN, PLAIN] })).transcript.includes(
			"AUTH LOGIN",
		),
	);
});

test("the trace shows the dialogue and no secret", async () => {
	const trace: string[] = [];
	const script = dialogue(
		"AUTH LOGIN",
		`C: AUTH LOGIN TXIuQUBzb21ld2hlcmUuY29t
		S: 334 UGFzc3dvcmQ6
		C: c29tZXBhc3N3b3Jk
		S: 235 welcome
		C: QUIT
		S: 221 bye`,
	);
	await converse(script, { ...login, onTrace: (line: string) => void trace.push(line) });
	equal(
		trace.join("\n"),
		as(`S: 220 mx
		C: EHLO me
		S: 250-mx
		S: 250 AUTH LOGIN
		C: AUTH LOGIN ***
		S: 334 UGFzc3dvcmQ6
		C: ***
		S: 235 welcome
		C: QUIT
		S: 221 bye`),
	);
});
