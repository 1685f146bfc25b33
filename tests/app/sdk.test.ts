/** The whole app with TLS on the engine of the Moddable SDK, from the press of the button to the server's inbox. */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { readManifest } from "../../hardware/virtual/manifest/manifest.js";
import { Certificates, chainOf, derOf, type Identity } from "../hardware/tls/authority.js";
import { is32Bit, obstacle } from "../hardware/tls/build.js";
import { type MailServer, mailServer } from "../hardware/tls/servers.js";
import { SimulatedApp } from "./simulator.js";

const name = "the whole app on the Moddable SDK, with TLS";
const missing = obstacle();
const DAY = 86_400;

const config = {
	smtpHost: "mail.example.org",
	smtpUser: "alert",
	smtpPassword: "correct horse",
	from: "alert@example.org",
	to: "person@example.org",
};

const alert = ["AUTH alert", "MAIL alert@example.org", "DATA"];

// A suite that is skipped would not be counted.
if (missing) test(name, { skip: missing }, () => {});
else
	suite(name, () => {
		const certificates = new Certificates();
		const root = certificates.authority("Test Root");
		const intermediate = certificates.authority("Test Intermediate", { issuer: root });
		const honest = certificates.server("DNS:mail.example.org", intermediate);
		const stranger = certificates.server("DNS:mail.example.org", certificates.authority("Other Root"));
		const other = certificates.authority("Another Authority", { key: "p256" });
		after(() => certificates.close());

		for (const implicit of [false, true])
			suite(implicit ? "implicit TLS" : "STARTTLS", () => {
				let app: SimulatedApp;
				let port: number;

				const serve = async (identity: Identity): Promise<MailServer> => {
					const server = await mailServer({ key: identity.key, cert: chainOf(identity), implicit, port });
					({ port } = server);
					return server;
				};

				/** Presses the button before a server of this identity; what the app and the server said. */
				const press = async (identity: Identity, options = {}): Promise<{ lines: string[]; log: string[] }> => {
					const server = await serve(identity);
					try {
						return { lines: await app.press(options), log: server.log };
					} finally {
						await server.close();
					}
				};

				before(async () => {
					await (await serve(honest)).close(); // for a port that is free
					const smtpSecurity = implicit ? "implicit" : "required";
					app = new SimulatedApp({ ...config, smtpSecurity, smtpPort: port }, [derOf(other), derOf(root)]);
				});

				test("sends its alert to a server with a chain of two certificates", async () => {
					assert.equal(chainOf(honest).match(/BEGIN CERTIFICATE/g)?.length, 2);
					const { lines, log } = await press(honest);
					assert.match(lines.at(-1) ?? "", /^alert \S+: sent$/);
					assert.match(log[0] ?? "", /^TLSv1\.2 ECDHE-RSA-AES128-GCM-SHA256 mail\.example\.org$/);
					assert.deepEqual(log.slice(1), alert);
				});

				test("tells a server that its authority does not vouch for nothing, and says why", async () => {
					const { lines, log } = await press(stranger);
					assert.match(
						lines.at(-1) ?? "",
						/^alert \S+: failed: no TLS connection to mail\.example\.org: its certificate comes from Other Root, which is not trusted, another attempt follows in \d s$/,
					);
					assert.deepEqual(log, []);
				});

				test("sends an alert after a restart that it could not send before", async () => {
					const failed = (await app.press()).at(-1) ?? "";
					assert.match(failed, /: failed: .*, another attempt follows in \d s$/);
					const { lines, log } = await press(honest, { isRestart: true });
					assert.equal(lines.at(-1), failed.replace(/: failed.*/, ": sent"));
					assert.deepEqual(log.slice(1), alert);
				});

				test("tells a server whose certificate is not valid yet nothing", async () => {
					const { lines, log } = await press(honest, { clockOffset: -2 * DAY });
					assert.match(
						lines.at(-1) ?? "",
						/its certificate is not valid before \d{4}-\d\d-\d\d, another attempt follows in \d s$/,
					);
					assert.deepEqual(log, []);
				});
			});

		/** Three certificates, of 3,500 bytes in all, as those of big providers. */
		test("on 32 bits it sends within the block of memory that the chip's XS has", {
			skip: !is32Bit && "the simulator's engine is for 64 bits: set CC to one for 32 bits, such as gcc -m32",
		}, async (t) => {
			const { static: block, chunk, heap, stack } = readManifest("manifest_tls.json").creation;
			const between = certificates.authority("Second Intermediate", { issuer: intermediate });
			const names = Array.from({ length: 40 }, (_, i) => `DNS:some-name-${i}.example.net`);
			const big = certificates.server(["DNS:mail.example.org", ...names].join(), between);
			const server = await mailServer({ key: big.key, cert: chainOf(big), implicit: false });
			t.after(() => server.close());
			const security = { smtpSecurity: "required", smtpPort: server.port };
			const app = new SimulatedApp({ ...config, ...security }, [derOf(other), derOf(root)], {
				static: 0,
				chunk,
				heap,
				stack,
			});
			assert.match((await app.press({ block })).at(-1) ?? "", /: sent$/);
			await assert.rejects(app.press({ block: block - 6_000 }), /the app ended/);
		});

		test("without an authority it trusts nobody", async () => {
			const server = await mailServer({ key: honest.key, cert: chainOf(honest) });
			try {
				const app = new SimulatedApp({ ...config, smtpSecurity: "implicit", smtpPort: server.port }, []);
				assert.match(
					(await app.press()).at(-1) ?? "",
					/: failed: .*no certificate authority is given to trust, another attempt follows in \d s$/,
				);
				assert.deepEqual(server.log, []);
			} finally {
				await server.close();
			}
		});
	});
