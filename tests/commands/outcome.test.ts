import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { UsageError } from "../../commands/options.js";
import { describeOutcome } from "../../commands/send/describe.js";
import type { Job } from "../../commands/send/job.js";
import { Outcome } from "../../commands/send/outcome.js";
import { styleFor } from "../../commands/terminal.js";

const to = ["ada@example.org", "grace@example.org"];
const refusal = '{"address":"grace@example.org","code":550,"enhanced":"5.1.1","text":"no such user"}';

function outcome(...lines: string[]): Outcome {
	const result = new Outcome(to);
	for (const line of lines) result.take(line);
	result.ended("the program on the virtual board ended: memory full");
	return result;
}

function failure(more: object): string {
	return `error ${JSON.stringify({ name: "SMTPError", kind: "refused", phase: "MAIL", text: "no", temporary: false, ...more })}`;
}

suite("exit codes", () => {
	const cases: [what: string, code: number, lines: string[]][] = [
		["all accepted", 0, ["sent"]],
		["some refused", 3, [`rejected ${refusal}`, "sent"]],
		["all refused for good", 69, [`rejected ${refusal}`, failure({ phase: "RCPT", code: 550 })]],
		["a temporary failure", 75, [failure({ code: 451, temporary: true })]],
		["a permanent failure", 69, [failure({ code: 550 })]],
		["an argument that cannot be sent", 64, [failure({ kind: "argument" })]],
		["a program that ends without a word", 70, []],
	];
	for (const [what, code, lines] of cases) test(what, () => assert.equal(outcome(...lines).exitCode, code));
});

test("JSON of a success", () => {
	const heap = { idleBytes: 1 } as never;
	assert.deepEqual(outcome("sent").json({ roundTrips: 5, bytesSent: 300 }, heap), {
		ok: true,
		accepted: to,
		rejected: [],
		error: null,
		roundTrips: 5,
		bytesSent: 300,
		heap,
	});
});

test("JSON of a refusal has every field, null where there is nothing to say", () => {
	const json = outcome(`rejected ${refusal}`, failure({ code: 550, text: "nobody left" })).json(undefined, undefined);
	assert.deepEqual(json, {
		ok: false,
		accepted: [],
		rejected: [{ address: "grace@example.org", code: 550, enhanced: "5.1.1", text: "no such user" }],
		error: {
			name: "SMTPError",
			phase: "MAIL",
			code: 550,
			enhanced: null,
			text: "nobody left",
			temporary: false,
			hint: "The sender was refused: --from must usually be an address of the account.",
		},
		roundTrips: 0,
		bytesSent: 0,
		heap: null,
	});
});

test("what may help is said once", () => {
	const text = describeOutcome(
		outcome(failure({ kind: "timeout", phase: "MAIL", temporary: true })),
		{ host: "mail.example.org" } as Job,
		styleFor(process.stdout, { NO_COLOR: "1" }),
	);
	assert.equal(text.match(/again/g)?.length, 1, text);
});

test("wrong usage", () => {
	const wrong = new Outcome([]);
	wrong.fail(new UsageError("--host is missing."));
	assert.equal(wrong.exitCode, 64);
});

test("for a person: who got it and who not, the server's words made safe to show", () => {
	const style = styleFor(process.stdout, { NO_COLOR: "1" });
	const text = describeOutcome(
		outcome('rejected {"address":"grace@example.org","code":550,"text":"no\\u001b[2J\\nuser"}', "sent"),
		{ host: "mail.example.org" } as Job,
		style,
	);
	assert.equal(
		text,
		"Sent. mail.example.org accepted it for ada@example.org.\nRefused: grace@example.org: 550 no\\x1b[2J\n  user\n",
	);
});
