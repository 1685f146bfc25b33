/** Whom the board trusts: what `./build.sh configure` makes of it, and what of that is built. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { basename, join, relative, resolve } from "node:path";
import { after, before, suite, type TestContext, test } from "node:test";
import { rootCertificates } from "node:tls";
import { nameOf, withAuthorities } from "../../commands/authorities.js";
import { providers } from "../../commands/configure/providers.js";
import { askServer, findRoot } from "../../commands/configure/server.js";
import { Certificates, chainOf, derOf, type Identity } from "../hardware/tls/authority.js";
import { hasOpenSSL } from "../hardware/tls/build.js";
import { mailServer } from "../hardware/tls/servers.js";
import { command, folder } from "./command.js";

const app = { "manifest.json": "{}", "manifest_tls.json": "{}" };
const account = ["--ssid", "Home", "--from", "a@example.org", "--to", "b@example.org"];
const account465 = [...account, "--smtp-security", "implicit"];

const manifestOf = (cwd: string) => JSON.parse(readFileSync(join(cwd, "manifest_local.json"), "utf8"));
const namedIn = (cwd: string): string[] => manifestOf(cwd).resources?.["*"] ?? [];
const authorityIn = (cwd: string, number: number) =>
	new X509Certificate(readFileSync(join(cwd, `${namedIn(cwd)[number - 1]}.der`)));
/** All files of the folder for authorities. */
const filesIn = (cwd: string): string[] => {
	const folder = join(cwd, "authorities_local");
	if (!existsSync(folder)) return [];
	const paths = readdirSync(folder, { encoding: "utf8", recursive: true });
	return paths.map((path) => join("authorities_local", path)).sort();
};

test("for a known provider its authorities are there, in DER, and the app is one with TLS", async (t) => {
	const cwd = folder(t, app);
	const { status, stdout, stderr } = await command("configure", [...account465, "--smtp-host", "smtp.gmail.com"], {
		cwd,
	});
	assert.equal(status, 0, stderr);
	assert.equal(stderr, "");
	assert.match(stdout, /^The board will trust GTS Root R1, GTS Root R4, as Gmail has them today\.$/m);
	assert.equal(manifestOf(cwd).include, "./manifest_tls.json");
	assert.deepEqual(
		namedIn(cwd).map((path) => basename(path)),
		["authority-1", "authority-2"],
	);
	assert.deepEqual(
		[1, 2].map((number) => nameOf(authorityIn(cwd, number))),
		["GTS Root R1", "GTS Root R4"],
	);
	const { stdout: shown } = await command("configure", ["--show"], { cwd });
	assert.match(shown, /^authorities +GTS Root R1, GTS Root R4$/m);
});

test("what a server says is shown without what a terminal would obey, and not without end", async () => {
	const said = ["554 \u001b]0;owned\u0007no\r\n", `${"x".repeat(1000)}`.repeat(100)];
	const server = createServer((socket) => socket.on("error", () => {}).write(said.shift() ?? "")).listen(
		0,
		"127.0.0.1",
	);
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const ask = () => askServer({ host: "127.0.0.1", port, security: "required" });
	try {
		await assert.rejects(ask(), (error: Error) => {
			assert.match(error.message, /it says "554 .*no"/);
			assert.ok(!error.message.includes("\u001b") && !error.message.includes("\u0007"));
			return true;
		});
		await assert.rejects(ask(), /it says too much/);
	} finally {
		server.close();
	}
});

test("the authorities of every provider are among Node's", () => {
	const names = new Set(rootCertificates.map((pem) => nameOf(new X509Certificate(pem))));
	for (const { name, authorities = [] } of providers)
		assert.ok(authorities.length === 0 || authorities.some((authority) => names.has(authority)), name);
});

test("without TLS there is nobody to trust, and another server is not trusted by what the last one had", async (t) => {
	const cwd = folder(t, app);
	await command("configure", [...account465, "--smtp-host", "smtp.gmail.com"], { cwd });
	const { stderr } = await command("configure", ["--smtp-host", "mail.example.org"], { cwd });
	assert.match(stderr, /no authority that vouches for mail\.example\.org/);
	assert.equal(manifestOf(cwd).resources, undefined);
	await command("configure", ["--smtp-security", "none"], { cwd });
	assert.equal(manifestOf(cwd).include, "./manifest.json");
	assert.equal(existsSync(join(cwd, "authorities_local")), false);
	const { status } = await command("configure", ["--ask-server"], { cwd });
	assert.equal(status, 64);
});

/** A module for Node to load first: the process dies where a file would be renamed to, or deleted by, this name. */
const dyingAt = (call: "renameSync" | "rmSync", name: string) => `
	import fs from "node:fs";
	import { syncBuiltinESMExports } from "node:module";
	const original = fs.${call};
	fs.${call} = (...paths) => (paths.at(${call === "renameSync" ? 1 : 0}).endsWith("${name}") ? process.kill(process.pid, "SIGKILL") : original(...paths));
	syncBuiltinESMExports();
`;

suite("whoever dies while it writes leaves the old configuration or the new one, with its authorities", () => {
	const gmail = ["GTS Root R1", "GTS Root R4"];
	const gmx = ["T-TeleSec GlobalRoot Class 2"];
	const deaths: [where: string, crash: string, trusted: string[]][] = [
		["before the manifest", dyingAt("renameSync", "manifest_local.json"), gmail],
		["before the first authority", dyingAt("renameSync", "authority-1.der"), gmail],
		["before the last is deleted", dyingAt("rmSync", "authority-2.der"), gmx],
	];
	for (const [where, crash, trusted] of deaths)
		test(where, async (t) => {
			const cwd = folder(t, { ...app, "crash.mjs": crash });
			await command("configure", [...account465, "--smtp-host", "smtp.gmail.com"], { cwd });
			const env = { NODE_OPTIONS: `--import ${join(cwd, "crash.mjs")}` };
			const { status, stderr } = await command("configure", ["--smtp-host", "mail.gmx.net"], { cwd, env });
			assert.equal(status, null, stderr);
			const names = namedIn(cwd).map((_, i) => nameOf(authorityIn(cwd, i + 1)));
			assert.deepEqual(names.slice(0, trusted.length), trusted);
			assert.equal(manifestOf(cwd).config.smtpHost, trusted === gmail ? "smtp.gmail.com" : "mail.gmx.net");
			await command("configure", ["--smtp-host", "smtp.gmail.com"], { cwd });
			assert.equal(filesIn(cwd).length, 3, filesIn(cwd).join());
		});
});

test("nothing is deleted but what it wrote, be it of an older time", async (t) => {
	const cwd = folder(t, app);
	await command("configure", [...account465, "--smtp-host", "smtp.gmail.com"], { cwd });
	const own = ["authorities_local/mine/authority-1.der", "authorities_local/root.pem"];
	mkdirSync(join(cwd, "authorities_local/mine"));
	for (const file of [...own, "authorities_local/authority-1.der"]) writeFileSync(join(cwd, file), "");
	await command("configure", ["--smtp-security", "none"], { cwd });
	assert.deepEqual(filesIn(cwd), ["authorities_local/mine", ...own]);
});

test("what else a manifest includes and has as resources stays", () => {
	const own = { include: ["./mine.json", "manifest.json"], resources: { "*": "./page", sound: "./a" } };
	const secure = withAuthorities(own, ["authorities_local/1234abcd/authority-1.der"], true);
	assert.deepEqual(secure, {
		include: ["./mine.json", "./manifest_tls.json"],
		resources: { sound: "./a", "*": ["./page", "./authorities_local/1234abcd/authority-1"] },
	});
	assert.deepEqual(withAuthorities(secure, [], false), {
		include: ["./mine.json", "./manifest.json"],
		resources: { sound: "./a", "*": ["./page"] },
	});
});

const openssl = hasOpenSSL();
if (!openssl) test("authorities of one's own", { skip: "there is no openssl" }, () => {});
else
	suite("authorities of one's own", () => {
		let certificates: Certificates;
		let root: Identity;
		let server: Identity;

		before(() => {
			certificates = new Certificates();
			root = certificates.authority("Test Root", { key: "p256" });
			const intermediate = certificates.authority("Test Intermediate", { key: "p256", issuer: root });
			server = certificates.server("DNS:localhost", intermediate, { key: "p256" });
		});
		after(() => certificates?.close());

		const configure = async (t: TestContext, options: string[], files: Record<string, string> = {}) => {
			const cwd = folder(t, { ...app, ...files, "root.pem": root.certificate });
			writeFileSync(join(cwd, "root.der"), derOf(root));
			const env = { NODE_EXTRA_CA_CERTS: join(cwd, "root.pem") };
			const result = await command("configure", [...account, ...options], { cwd, env });
			return { cwd, env, ...result };
		};

		/** The program that it runs is the project's, its configuration that of the folder. */
		const send = (cwd: string) => {
			for (const room of ["commands", "hardware", "modules"])
				if (!existsSync(join(cwd, room))) symlinkSync(resolve(room), join(cwd, room));
			return command("send", ["--configured"], { cwd });
		};

		const own = ["--smtp-host", "mail.example.org"];

		for (const file of ["root.pem", "root.der"])
			test(`--ca takes ${file}, and it stays when something else is changed`, async (t) => {
				const { cwd, status, stderr, stdout } = await configure(t, [...own, "--ca", file]);
				assert.equal(status, 0, stderr);
				assert.match(stdout, /^The board will trust Test Root, as you say\.$/m);
				assert.deepEqual(authorityIn(cwd, 1).raw, derOf(root));
				const { stderr: none } = await command("configure", ["--device", "Cellar"], { cwd });
				assert.equal(none, "");
				assert.deepEqual(authorityIn(cwd, 1).raw, derOf(root));
			});

		test("--ca takes several, and what was there before goes", async (t) => {
			const other = certificates.authority("Other Root");
			const { cwd } = await configure(t, [...own, "--ca", "both.pem"], {
				"both.pem": root.certificate + other.certificate,
			});
			const set = relative(cwd, join(cwd, namedIn(cwd)[0] ?? "", ".."));
			assert.deepEqual(filesIn(cwd), [set, `${set}/authority-1.der`, `${set}/authority-2.der`]);
			await command("configure", ["--ca", "root.pem"], { cwd });
			assert.deepEqual(filesIn(cwd).slice(1), [`${relative(".", namedIn(cwd)[0] ?? "")}.der`]);
		});

		test("a file that is none, and a key that the board cannot work with, are said", async (t) => {
			const weak = certificates.authority("Weak Root", { key: "rsa1024" }).certificate;
			const files = { "text.pem": "hello", "weak.pem": weak };
			for (const [file, says] of [
				["text.pem", /--ca: text\.pem: is no certificate, neither PEM nor DER/],
				["nothing.pem", /--ca: nothing\.pem: .*no such file/],
				["weak.pem", /--ca: weak\.pem: Weak Root has a key that the board cannot work with/],
			] as const) {
				const { status, stderr, cwd } = await configure(t, [...own, "--ca", file], files);
				assert.equal(status, 64);
				assert.match(stderr, says);
				assert.equal(existsSync(join(cwd, "manifest_local.json")), false);
			}
		});

		for (const implicit of [true, false])
			test(`--ask-server finds the root behind ${implicit ? "implicit TLS" : "STARTTLS"}`, async (t) => {
				const { port, close } = await mailServer({ key: server.key, cert: chainOf(server), implicit });
				t.after(close);
				const security = implicit ? "implicit" : "required";
				const options = ["--smtp-host", "localhost", "--smtp-port", String(port), "--smtp-security", security];
				const { cwd, status, stdout, stderr } = await configure(t, [...options, "--ask-server"]);
				assert.equal(status, 0, stderr);
				assert.match(stdout, /^The board will trust Test Root, which vouches for localhost\.$/m);
				assert.deepEqual(authorityIn(cwd, 1).raw, derOf(root));
			});

		test("--ask-server speaks as the board does: who wants more is told apart", async (t) => {
			const { port, close } = await mailServer({ key: server.key, cert: chainOf(server), minVersion: "TLSv1.3" });
			t.after(close);
			const options = ["--smtp-host", "localhost", "--smtp-port", String(port), "--smtp-security", "implicit"];
			const { status, stderr } = await configure(t, [...options, "--ask-server"]);
			assert.equal(status, 70);
			assert.match(stderr, /could not be asked: the server takes no protocol version of TLS that is spoken here\.$/m);
		});

		test("--ask-server says of a server whose own key is on P-384 what the board would", async (t) => {
			const other = certificates.server("DNS:localhost", root, { key: "p384" });
			const { port, close } = await mailServer({ key: other.key, cert: chainOf(other) });
			t.after(close);
			const options = ["--smtp-host", "localhost", "--smtp-port", String(port), "--smtp-security", "implicit"];
			const { status, stderr } = await configure(t, [...options, "--ask-server"]);
			assert.equal(status, 70);
			assert.match(stderr, /could not be asked: it has nothing in common with the board, .*RSA or on P-256\.$/m);
		});

		test("--ca takes an authority on P-384, and none with an exponent of 3", async (t) => {
			const strong = certificates.authority("Strong Root", { key: "p384", digest: "sha384" }).certificate;
			const odd = certificates.authority("Odd Root", { key: "rsa3" }).certificate;
			const { status, stderr } = await configure(t, [...own, "--ca", "strong.pem"], { "strong.pem": strong });
			assert.equal(status, 0, stderr);
			const refused = await configure(t, [...own, "--ca", "odd.pem"], { "odd.pem": odd });
			assert.equal(refused.status, 64);
			assert.match(refused.stderr, /Odd Root has a key that the board cannot work with: .* exponent 65537/);
		});

		test("--ask-server believes no server that nobody vouches for", async (t) => {
			const stranger = certificates.server("DNS:localhost", certificates.authority("Stranger", { key: "p256" }));
			const { port, log, close } = await mailServer({ key: stranger.key, cert: chainOf(stranger) });
			t.after(close);
			const options = ["--smtp-host", "localhost", "--smtp-port", String(port), "--smtp-security", "implicit"];
			const { cwd, status, stderr } = await configure(t, [...options, "--ask-server"]);
			assert.equal(status, 70);
			assert.match(
				stderr,
				/^configure: localhost port \d+ could not be asked: unable to verify its certificate: it comes from an authority that is not trusted here, "Stranger"\.$/m,
			);
			assert.equal(existsSync(join(cwd, "manifest_local.json")), false);
			assert.deepEqual(log, []);
		});

		test("send --configured trusts whom the board does, and nobody else", async (t) => {
			const { port, log, close } = await mailServer({ key: server.key, cert: chainOf(server) });
			t.after(close);
			const host = ["--smtp-host", "localhost", "--smtp-port", String(port), "--smtp-security", "implicit"];
			const other = certificates.authority("Other Root", { key: "p256" }).certificate;
			const login = ["--smtp-user", "ada", "--smtp-password", "secret"];
			const { cwd } = await configure(t, [...host, ...login, "--ca", "root.pem"], { "other.pem": other });
			const sent = await send(cwd);
			assert.equal(sent.status, 0, sent.stdout + sent.stderr);
			assert.deepEqual(log.slice(1), ["AUTH ada", "MAIL a@example.org", "DATA"]);
			await command("configure", ["--ca", "other.pem"], { cwd });
			const refused = await send(cwd);
			assert.notEqual(refused.status, 0);
			assert.match(refused.stdout + refused.stderr, /no TLS connection to localhost/);
			assert.equal(log.filter((line) => /AUTH|MAIL/.test(line)).length, 2);
		});

		test("the root is the first that is known on the way up, also where a chain goes on by a cross-signed one", () => {
			const old = certificates.authority("Old Root", { key: "p256" });
			const certificate = (identity: Identity) => new X509Certificate(identity.certificate);
			const chain = [certificate(server), certificate(server.issuer as Identity), certificate(root)];
			assert.equal(nameOf(findRoot(chain, [certificate(old), certificate(root)])), "Test Root");
			assert.equal(nameOf(findRoot(chain, [certificate(server.issuer as Identity)])), "Test Intermediate");
			assert.throws(() => findRoot(chain, [certificate(old)]), /no authority that Node knows/);
		});
	});
