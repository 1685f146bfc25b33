import { failureOf, isLogin } from "alert/failure";
import { Way } from "alert/way";
import { equal, ok, test } from "harness";
import { SMTPError, type SMTPErrorKind, type SMTPPhase } from "smtp/error";

const MINUTE = 60_000;

const error = (kind: SMTPErrorKind, phase: SMTPPhase, code?: number, temporary = code !== undefined && code < 500) => {
	const reply = code === undefined ? undefined : { code, enhanced: undefined, text: "no" };
	return new SMTPError(kind, phase, "it failed", temporary, reply);
};

/** "scope", "final" where it is for good, "mistake" where the configuration is to be looked at. */
const said = (problem: unknown): string => {
	const { scope, isFinal, isMistake } = failureOf(problem);
	return `${scope}${isFinal ? " final" : ""}${isMistake ? " mistake" : ""}`;
};

test("all that comes before a transaction is the way's, and for good of nothing", () => {
	for (const phase of ["connect", "greeting", "EHLO", "HELO", "STARTTLS", "TLS", "AUTH", "RSET", "idle"] as const)
		for (const kind of [
			"connect",
			"timeout",
			"disconnected",
			"protocol",
			"security",
			"authentication",
			"refused",
		] as const)
			for (const code of [undefined, 421, 454, 500, 535, 550, 554]) {
				const failure = failureOf(error(kind, phase, code));
				equal(failure.scope, "route", `${kind} ${phase} ${code}`);
				ok(!failure.isFinal, `${kind} ${phase} ${code}`);
			}
});

test("only a refusal of recipients or content by 5yz is for good", () => {
	const table: [SMTPErrorKind, SMTPPhase, number | undefined, string][] = [
		["refused", "RCPT", 550, "recipient final"],
		["refused", "RCPT", 450, "recipient"],
		["refused", "DATA", 554, "mail final"],
		["refused", "message", 554, "mail final"],
		["refused", "message", 451, "mail"],
		["refused", "MAIL", 550, "mail mistake"],
		["refused", "MAIL", 552, "mail final"],
		["refused", "MAIL", 451, "mail"],
		["refused", "MAIL", 530, "mail mistake"],
		["refused", "RCPT", 530, "recipient mistake"],
		["refused", "RCPT", 503, "recipient"],
		["refused", "message", 421, "mail"],
		["timeout", "message", undefined, "mail"],
		["disconnected", "RCPT", undefined, "recipient"],
		["protocol", "DATA", undefined, "mail"],
		["unsupported", "MAIL", undefined, "mail final"],
		["body", "message", undefined, "mail final"],
		["argument", "RCPT", undefined, "recipient mistake"],
		["argument", "AUTH", undefined, "route mistake"],
		["authentication", "AUTH", 535, "route mistake"],
		["authentication", "AUTH", 454, "route"],
		["security", "TLS", undefined, "route mistake"],
	];
	for (const [kind, phase, code, expected] of table)
		equal(said(error(kind, phase, code)), expected, `${kind} ${phase} ${code}`);
	equal(said(new Error("no memory for the words")), "mail final mistake");
	equal(failureOf(error("refused", "RCPT", 550)).reason, "it failed: 550 no");
});

test("a login is what was refused, or came to nothing, once AUTH had been said", () => {
	for (const problem of [error("authentication", "AUTH", 535), error("refused", "AUTH", 421), error("timeout", "AUTH")])
		ok(isLogin(problem), problem.message);
	for (const problem of [error("authentication", "AUTH"), error("argument", "AUTH"), error("refused", "MAIL", 535)])
		ok(!isLogin(problem), problem.message);
});

test("a password that is refused locks its way for 15 minutes, then for longer, up to an hour", () => {
	const way = new Way("one");
	let ticks = 0xfffffff0; // which wrap
	for (const minutes of [15, 30, 60, 60, 60]) {
		way.fail(error("authentication", "AUTH", 535), ticks, false);
		ok(way.lockMs(ticks) >= minutes * MINUTE && way.lockMs(ticks) <= (minutes * MINUTE * 9) / 8 + 1, `${minutes}`);
		ticks = (ticks + minutes * MINUTE - 1) >>> 0;
		ok(way.lockMs(ticks) > 0);
		ticks = (ticks + minutes * MINUTE) >>> 0;
		equal(way.lockMs(ticks), 0);
	}
	way.succeed();
	way.fail(error("authentication", "AUTH", 535), ticks, false);
	ok(way.lockMs(ticks) <= 17 * MINUTE);
});

test("a login that came to nothing may be the network's fault once, not twice", () => {
	const way = new Way("one");
	way.fail(error("disconnected", "AUTH"), 0, false);
	equal(way.lockMs(0), 0);
	way.fail(error("disconnected", "AUTH"), 0, false);
	ok(way.lockMs(0) >= 15 * MINUTE);
});

test("of two ways the first is taken, unless it has failed twice or is locked; then the one whose rest ends first", () => {
	const first = new Way("one");
	const other = new Way("two");
	first.other = other;
	equal(first.best(0), first);
	first.fail(error("connect", "connect"), 0, true);
	equal(first.best(0), first);
	first.fail(error("connect", "connect"), 0, true);
	equal(first.best(0), other);
	equal(first.lockMs(0), 0);
	for (let i = 0; i < 2; i++) other.fail(error("connect", "connect"), 30 * MINUTE, true);
	equal(first.best(31 * MINUTE), first, "its rest is over first");
	first.fail(error("authentication", "AUTH", 535), 31 * MINUTE, true);
	equal(first.best(31 * MINUTE), other, "what must be left alone is not taken");
	other.fail(error("authentication", "AUTH", 535), 31 * MINUTE, true);
	ok(first.best(31 * MINUTE).lockMs(31 * MINUTE) >= 15 * MINUTE);
	equal(first.best(200 * MINUTE), first);
});
