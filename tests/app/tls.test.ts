/** The whole app with TLS on the virtual board, where the TLS is the desk's: what is wired to what. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, suite, type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Certificates, chainOf, derOf, type Identity } from "../hardware/tls/authority.js";
import { hasOpenSSL } from "../hardware/tls/build.js";
import { patience } from "../patience.js";
import { Bench, type BenchOptions } from "./bench.js";

const name = "the whole app on the virtual board, with TLS";

// A suite that is skipped would not be counted.
if (!hasOpenSSL()) test(name, { skip: "there is no openssl" }, () => {});
else
	suite(name, () => {
		let certificates: Certificates;
		let root: Identity;
		let server: Identity;
		let stranger: Identity;

		before(() => {
			certificates = new Certificates();
			root = certificates.authority("Test Root", { key: "p256" });
			const intermediate = certificates.authority("Test Intermediate", { key: "p256", issuer: root });
			server = certificates.server("DNS:mail.example.org", intermediate, { key: "p256" });
			const other = certificates.authority("Other Root", { key: "p256" });
			stranger = certificates.server("DNS:mail.example.org", other, { key: "p256" });
		});
		after(() => certificates?.close());

		/** A manifest as `./build.sh configure` writes it. */
		const manifestWith = (context: TestContext, authorities: readonly Identity[]): string => {
			const folder = mkdtempSync(join(tmpdir(), "alert-mail-"));
			context.after(() => rmSync(folder, { recursive: true }));
			authorities.forEach((authority, i) => {
				writeFileSync(join(folder, `authority-${i + 1}.der`), derOf(authority));
			});
			const resources = { "*": authorities.map((_, i) => `./authority-${i + 1}`) };
			const manifest = join(folder, "manifest.json");
			writeFileSync(manifest, JSON.stringify({ include: resolve("manifest_tls.json"), resources }));
			return manifest;
		};

		const start = (context: TestContext, options: BenchOptions & { identity?: Identity; implicit?: boolean }) => {
			const { identity = server, implicit = true, config, manifest, network, ...rest } = options;
			return Bench.start(context, {
				manifest: manifest ?? manifestWith(context, [stranger, root]),
				server: {
					key: identity.key,
					cert: chainOf(identity),
					secure: implicit,
					disabledCommands: [],
					onAuth: (_auth, _session, done) => done(null, { user: "ada" }),
				},
				config: {
					smtpSecurity: implicit ? "implicit" : "required",
					smtpHost: "mail.example.org",
					smtpUser: "ada",
					smtpPassword: "secret",
					...config,
				},
				network: { ...network, dns: { "mail.example.org": "127.0.0.1" } },
				...rest,
			});
		};

		for (const implicit of [true, false])
			test(`an alert goes by ${implicit ? "implicit TLS" : "STARTTLS"}`, patience, async (t) => {
				const said: string[] = [];
				const bench = await start(t, { implicit });
				bench.inbox.on("dialogue", (line) => said.push(line));
				await bench.line("clock set");
				await bench.press();
				await bench.line(": sent");
				assert.equal(bench.inbox.mails.length, 1);
				assert.equal(said.includes("C: STARTTLS"), !implicit);
				assert.ok(said.some((line) => line.startsWith("C: AUTH PLAIN")));
			});

		test("a server that no authority vouches for hears nothing", patience, async (t) => {
			const said: string[] = [];
			const bench = await start(t, { identity: stranger, manifest: manifestWith(t, [root]) });
			bench.inbox.on("dialogue", (line) => said.push(line));
			await bench.line("clock set");
			await bench.press();
			assert.match(await bench.line(": failed"), /: failed: no TLS connection to mail\.example\.org: /);
			assert.deepEqual(
				said.filter((line) => line.startsWith("C:")),
				[],
			);
		});

		test("an alert waits until the clock is set, for certificates have dates", patience, async (t) => {
			const config = { sntp: "time.example.org", networkTimeoutMs: 1_000 };
			const bench = await start(t, { config });
			await bench.line("online");
			await bench.press();
			await bench.line("waiting for the clock");
			assert.match(await bench.line(": failed"), /: failed: no clock after 1 s$/);
			await delay(100);
			assert.equal(bench.inbox.mails.length, 0);
		});

		test("it sends to a server without TLS where the configuration says so", patience, async (t) => {
			const bench = await Bench.start(t, { manifest: "manifest_tls.json" });
			await bench.line("clock set");
			await bench.press();
			await bench.mails(1);
		});
	});
