/** The options of `./build.sh send` that need a server worth its name, as a person gives them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { command, folder } from "../commands/command.js";
import { account } from "./dovecot.js";
import { Provider } from "./provider.js";

const provider = await Provider.start();
const { skip } = provider;

const send = (...options: string[]) => {
	const where = ["--host", "localhost", "--port", String(provider.postfix.port)];
	const who = ["--from", "ada@example.org", "--user", account.user, "--password-env", "PASSWORD"];
	return command("send", [...where, ...who, ...options], { env: { PASSWORD: account.password, TOKEN: account.token } });
};
const bob = ["--to", "bob@example.org"];

suite("./build.sh send", { skip }, () => {
	const ca = (t: Parameters<typeof folder>[0]) => [
		"--ca",
		join(folder(t, { "ca.pem": provider.authority.pem }), "ca.pem"),
	];

	test("--ca: the authority to trust, without which the server is refused", async (t) => {
		const refused = await send(...bob);
		assert.equal(refused.status, 69);
		assert.match(refused.stdout, /certificate/);
		const { status, stdout } = await send(...bob, ...ca(t));
		assert.equal(status, 0, stdout);
	});

	test("--ca: a file that is not there", async () => {
		const { status, stderr } = await send(...bob, "--ca", "not-there.pem");
		assert.equal(status, 64);
		assert.match(stderr, /not-there\.pem/);
	});

	test("--insecure works, and is loud", async () => {
		const { status, stderr } = await send(...bob, "--insecure");
		assert.equal(status, 0);
		assert.match(stderr, /NOBODY IS VERIFIED/);
	});

	test("--auth xoauth2: a token in place of the password", async (t) => {
		const where = ["--host", "localhost", "--port", String(provider.postfix.port), ...ca(t)];
		const who = ["--from", "ada@example.org", ...bob, "--user", account.user, "--password-env", "TOKEN"];
		const { status, stdout } = await command("send", [...where, ...who, "--auth", "xoauth2"], {
			env: { TOKEN: account.token },
		});
		assert.equal(status, 0, stdout);
	});

	test("--dsn, --smtputf8, --no-chunking, --no-pipelining are said, or not said, to the server", async (t) => {
		const asked = await send(...bob, ...ca(t), "--trace", "--dsn", "failure,delay,headers,id=42", "--smtputf8");
		assert.equal(asked.status, 0, asked.stdout);
		assert.match(asked.stderr, /^C: MAIL FROM:<ada@example\.org>.* SMTPUTF8 RET=HDRS ENVID=42$/m);
		assert.match(asked.stderr, /^C: RCPT TO:<bob@example\.org> NOTIFY=FAILURE,DELAY$/m);
		assert.match(asked.stderr, /^C: DATA/m); // chunks must be asked for
		const plain = await send(...bob, ...ca(t), "--trace", "--no-chunking", "--no-pipelining");
		assert.equal(plain.status, 0, plain.stdout);
		assert.doesNotMatch(plain.stderr, /^C: BDAT/m);
		assert.match(plain.stderr, /^C: MAIL .*\nS: 250 .*\nC: RCPT/m);
	});

	test("--verify: what the server knows, and nothing is sent", async (t) => {
		const known = await send(...ca(t), "--verify", "bob@example.org");
		assert.deepEqual([known.status, /252 2\.0\.0 bob@example\.org/.test(known.stdout)], [0, true], known.stdout);
		const unknown = await send(...ca(t), "--verify", "nobody@example.org");
		assert.equal(unknown.status, 69);
		assert.match(unknown.stdout, /550 5\.1\.1/);
	});

	test("--dsn with a word it does not know is wrong usage", async () => {
		const { status, stderr } = await send(...bob, "--dsn", "sometimes");
		assert.equal(status, 64);
		assert.match(stderr, /sometimes/);
	});
});
