/** Servers that a mail goes to. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { derOf } from "./authority.js";
import { type Bench, names } from "./bench.js";
import { inOneRecord, rawServer } from "./servers.js";

export const deliveries = (bench: Bench): void => {
	suite("delivers", () => {
		test("with TLS from the start", async () => {
			assert.equal(
				await bench.delivered(bench.honest(bench.server)),
				"TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 mail.example.org",
			);
		});

		test("after STARTTLS", async () => {
			const session = await bench.delivered(bench.honest(bench.server, { implicit: false }), { security: "required" });
			assert.equal(session, "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 mail.example.org");
		});

		test("with ECDSA on P-256", async () => {
			const ecRoot = bench.certificates.authority("EC Root", { key: "p256" });
			const issuer = bench.certificates.authority("EC Intermediate", { key: "p256", issuer: ecRoot });
			const identity = bench.certificates.server(names, issuer, { key: "p256" });
			const session = await bench.delivered(bench.honest(identity), { trust: [derOf(ecRoot)] });
			assert.equal(session, "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256 mail.example.org");
		});

		test("with a root on P-384 and SHA-384, and the right one of several authorities", async () => {
			const ecRoot = bench.certificates.authority("EC Root", { key: "p384", digest: "sha384" });
			const issuer = bench.certificates.authority("Issuer", { key: "p256", issuer: ecRoot, digest: "sha384" });
			const identity = bench.certificates.server(names, issuer, { digest: "sha256" });
			await bench.delivered(bench.honest(identity), { trust: [derOf(bench.root), derOf(ecRoot)] });
		});

		test("to a server that sends its own certificate alone", async () => {
			await bench.delivered(bench.honest(bench.certificates.server(names, bench.root)));
		});

		test("to a server that sends its root, and in the wrong order", async () => {
			const cert = bench.server.certificate + bench.root.certificate + bench.intermediate.certificate;
			await bench.delivered(bench.honest(bench.server, { cert }));
		});

		test("to a server whose self-signed certificate is the one that is trusted", async () => {
			const own = bench.certificates.server(names, undefined);
			await bench.delivered(bench.honest(own), { trust: [derOf(own)] });
		});

		test("to an address that the certificate names; it is not sent as a name", async () => {
			const session = await bench.delivered(bench.honest(bench.server), { host: "127.0.0.1" });
			assert.match(session, / no name$/);
		});

		test("to a name that a wildcard covers, in other letters", async () => {
			await bench.delivered(bench.honest(bench.server), { host: "SMTP.wild.example.org" });
		});

		test("to a server that asks for a certificate of ours", async () => {
			await bench.delivered(bench.honest(bench.server, { requestCert: true, rejectUnauthorized: false }));
		});

		test("to a server that puts all its messages into one record", async () => {
			const behind = await bench.honest(bench.server);
			const between = await rawServer((client) => inOneRecord(client, behind.port));
			const events = await bench.app.run({ port: between.port, trust: [derOf(bench.root)] });
			await between.close();
			await behind.close();
			assert.deepEqual(events.at(-1), { event: "closed" });
			assert.deepEqual(behind.log.slice(1), ["AUTH alert", "MAIL alert@example.org", "DATA"]);
		});

		test("to anyone, where that is asked for", async () => {
			const stranger = bench.certificates.server("DNS:other.example.org", undefined);
			await bench.delivered(bench.honest(stranger), { verify: false, trust: undefined });
		});
	});
};
