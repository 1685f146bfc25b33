/** The questions of `./build.sh configure`, answered as at a terminal. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { suite, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { providerOf } from "../../commands/configure/providers.js";
import { ask } from "../../commands/configure/questions.js";

/** Answers each question in turn and returns what the person saw. */
async function dialogue(answers: string[], current: Record<string, unknown> = {}) {
	const input = new PassThrough();
	const output = new PassThrough();
	let seen = "";
	output.on("data", (chunk) => {
		const shown = stripVTControlCharacters(String(chunk));
		seen += shown;
		if (!shown.startsWith("  ") || !shown.endsWith(": ")) return; // no question
		const answer = answers.shift();
		setImmediate(() => (answer === undefined ? input.end() : input.write(`${answer}\r`)));
	});
	const values = await ask({ input, output }, current);
	return { values, seen };
}

test("the questions: a known provider fills in the server, a wrong answer is asked again", async () => {
	const { values, seen } = await dialogue([
		...["Home", "short", "long enough", "me@gmail.com", "", "", "app password", "", ""],
		...["nobody", "you@example.org", "Cellar", "de"],
	]);
	assert.deepEqual(values, {
		ssid: "Home",
		password: "long enough",
		from: "me@gmail.com",
		smtpHost: "smtp.gmail.com",
		smtpSecurity: "implicit",
		smtpUser: "me@gmail.com",
		smtpPassword: "app password",
		to: "you@example.org",
		device: "Cellar",
		language: "de",
	});
	assert.match(seen, /^ {2}Password must have 8 to 63/m);
	assert.match(seen, /^ {2}"nobody" must be an address like/m);
	assert.match(seen, /^ {2}Port \[465\]: /m);
	assert.match(seen, /^ {2}Name of this device \[alert\]: /m);
	assert.match(seen, /app password, not the one you log in with/);
});

test("C10: the questions: a name and a secret are taken as typed, with a word where nobody would see it", async () => {
	const { values, seen } = await dialogue([
		...[" Home ", "wifi secret ", " me@example.org ", " mail.example.org ", "", " mail secret", "", ""],
		...[" you@example.org", "", ""],
	]);
	assert.deepEqual(
		[values.ssid, values.password, values.smtpPassword, values.from, values.smtpHost, values.to],
		[" Home ", "wifi secret ", " mail secret", "me@example.org", "mail.example.org", "you@example.org"],
	);
	assert.equal(seen.match(/Taken with the spaces at its ends/g)?.length, 3);
});

test("the questions: secrets are not echoed", async () => {
	const secrets = ["wifi secret", "mail secret"];
	const { values, seen } = await dialogue([
		...["Home", "wifi secret", "me@example.org", "mail.example.org", "", "mail secret", "", ""],
		...["you@example.org", "", ""],
	]);
	assert.equal(values.password, secrets[0]);
	assert.equal(values.smtpPassword, secrets[1]);
	for (const secret of secrets) assert.ok(!seen.includes(secret), `${secret} was shown`);
});

test("the questions: Enter keeps what is there, - removes it", async () => {
	const current = {
		...{ ssid: "Home", password: "long enough", from: "a@example.org", smtpHost: "h.example", smtpSecurity: "none" },
		...{ smtpUser: "me", smtpPassword: "secret", allowCleartextAuth: true, to: "b@example.org", device: "Cellar" },
	};
	const { values } = await dialogue(["", "", "", "", "-", "", "", "", "-", ""], current);
	const { smtpUser, smtpPassword, allowCleartextAuth, device, ...rest } = current;
	assert.deepEqual(values, rest);
});

test("the questions: without TLS the password needs a yes in so many words", async () => {
	const { values, seen } = await dialogue([
		...["Home", "", "a@example.org", "h.example", "me", "secret", "none", "no", "none", "yes"],
		...["", "b@example.org", "", ""],
	]);
	assert.match(seen, /everyone on the way can read the password/);
	assert.equal(values.allowCleartextAuth, true);
});

test("the questions: what was allowed before is offered again", async () => {
	const current = {
		...{ ssid: "Home", from: "a@example.org", smtpHost: "h.example", smtpSecurity: "none", smtpUser: "me" },
		...{ smtpPassword: "secret", allowCleartextAuth: true, to: "b@example.org" },
	};
	const { values, seen } = await dialogue(Array(12).fill(""), current);
	assert.match(seen, /Send it all the same, yes or no \[yes\]: /);
	assert.deepEqual(values, current);
});

test("the questions: Enter never leads in a circle", async () => {
	const { values, seen } = await dialogue([
		...["Home", "", "a@example.org", "h.example", "me", "", "secret", "none", "", ""],
		...["", "a@example.org, nobody", "b@example.org", "", ""],
	]);
	assert.match(seen, /Password is missing/);
	assert.match(seen, /Then choose TLS, or start again and give no user name/);
	assert.match(seen, /"nobody" must be/);
	assert.deepEqual([values.smtpSecurity, values.allowCleartextAuth], [undefined, undefined]);
});

test("the questions: whoever gives up gets an error", async () => {
	await assert.rejects(dialogue(["Home"]), /Nothing was written/);
});

test("providers are found by the address", () => {
	assert.equal(providerOf("Me@GMAIL.com")?.name, "Gmail");
	assert.equal(providerOf("me@example.org"), undefined);
});

const gmail = {
	...{ ssid: "Home", password: "long enough", from: "me@gmail.com", smtpHost: "smtp.gmail.com", smtpPort: 465 },
	...{ smtpSecurity: "implicit", smtpUser: "me@gmail.com", smtpPassword: "of Gmail", to: "you@example.org" },
};

suite("the questions: another account than before", () => {
	const rest = ["", "", "", "", ""];
	const cases: Record<string, [current: object, answers: string[], becomes: object]> = {
		"of a provider that is known": [
			gmail,
			["me@gmx.de", "", "", "of GMX", ...rest],
			{
				from: "me@gmx.de",
				smtpHost: "mail.gmx.net",
				smtpSecurity: "required",
				smtpUser: "me@gmx.de",
				smtpPassword: "of GMX",
			},
		],
		"of the same provider": [
			gmail,
			["you@gmail.com", "", "", "yours", ...rest],
			{ from: "you@gmail.com", smtpPort: 465, smtpUser: "you@gmail.com", smtpPassword: "yours" },
		],
		"of a provider that is not known": [
			gmail,
			["me@example.net", "mail.example.net", "", "other", "required", ...rest],
			{
				...{ from: "me@example.net", smtpHost: "mail.example.net", smtpSecurity: "required" },
				...{ smtpUser: "me@example.net", smtpPassword: "other" },
			},
		],
		"at a server of one's own, which stays": [
			{ ...gmail, from: "me@example.net", smtpHost: "mail.example.net", smtpUser: "relay" },
			["you@example.net", "", "", "", ...rest],
			{
				from: "you@example.net",
				smtpHost: "mail.example.net",
				smtpPort: 465,
				smtpUser: "relay",
				smtpPassword: "of Gmail",
			},
		],
		"at a server that is typed": [
			gmail,
			["", "mail.gmx.net", "me@gmx.de", "of GMX", ...rest],
			{ smtpHost: "mail.gmx.net", smtpSecurity: "required", smtpUser: "me@gmx.de", smtpPassword: "of GMX" },
		],
		"with another user": [
			gmail,
			["", "", "other", "theirs", ...rest],
			{ smtpPort: 465, smtpUser: "other", smtpPassword: "theirs" },
		],
	};
	for (const [what, [current, answers, becomes]] of Object.entries(cases))
		test(what, async () => {
			const { values } = await dialogue(["", "", ...answers], { ...current });
			const { smtpPort: _, ...kept } = gmail;
			assert.deepEqual(values, { ...kept, ...becomes });
		});

	test("its password is asked for: Enter does not keep another's", async () => {
		const { seen } = await dialogue(["", "", "me@gmx.de", "", "", "", "of GMX", ...rest], { ...gmail });
		assert.match(seen, /^ {2}Mail server \[mail\.gmx\.net\]: /m);
		assert.match(seen, /^ {2}User name \("-" for none\) \[me@gmx\.de\]: /m);
		assert.match(seen, /^ {2}Password is missing\.$/m);
	});

	test("other TLS has another port, unless that was an odd one", async () => {
		for (const [before, after] of [
			[465, undefined],
			[2525, 2525],
		]) {
			const answers = ["", "", "", "", "", "", "required", ...rest];
			const { values } = await dialogue(answers, { ...gmail, smtpPort: before });
			assert.equal(values.smtpPort, after);
		}
	});
});

test("the questions: the Wi-Fi password goes as the prompt says, and with the network", async () => {
	const removed = await dialogue(["", "-", ...Array(10).fill("")], { ...gmail });
	assert.match(removed.seen, /^ {2}Password \("-" for an open network\) \[\(set, not shown\)\]: /m);
	assert.equal(removed.values.password, undefined);
	const moved = await dialogue(["Caravan", "", ...Array(10).fill("")], { ...gmail });
	assert.match(moved.seen, /^ {2}Password \(leave it empty for an open network\): /m);
	assert.equal(moved.values.password, undefined);
	assert.equal(moved.values.ssid, "Caravan");
});
