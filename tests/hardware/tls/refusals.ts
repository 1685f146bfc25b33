/** Servers that are not to be trusted, and none are without a clock or memory: nothing secret may be said. */
import { X509Certificate } from "node:crypto";
import { suite, test } from "node:test";
import { derOf } from "./authority.js";
import { type Bench, names } from "./bench.js";
import { isNamed } from "./chains.js";
import { children, type Element, extensionsOf, forged } from "./forgery.js";

const DAY = 86_400;

export const refusals = (bench: Bench): void => {
	suite("refuses", () => {
		test("a certificate for another name", () =>
			bench.refused(
				bench.honest(bench.server),
				"its certificate is for mail.example.org, *.wild.example.org, not for smtp.example.org",
				{
					host: "smtp.example.org",
				},
			));

		test("more than one label in the place of a wildcard", () =>
			bench.refused(
				bench.honest(bench.server),
				"its certificate is for mail.example.org, *.wild.example.org, not for a.b.wild.example.org",
				{ host: "a.b.wild.example.org" },
			));

		test("a certificate for another address, and says what to do", async () => {
			await bench.refused(
				bench.honest(bench.server),
				"its certificate is for mail.example.org, *.wild.example.org, the address 127.0.0.1, not for the address 127.0.0.2: a server's name is wanted",
				{ host: "127.0.0.2" },
			);
		});

		test("a certificate where an address stands as a name", async () => {
			await bench.refused(
				bench.honest(bench.certificates.server("DNS:127.0.0.1", bench.root)),
				"its certificate is for the name 127.0.0.1, not for the address 127.0.0.1: a server's name is wanted",
				{ host: "127.0.0.1" },
			);
			await bench.refused(
				bench.honest(bench.certificates.server("DNS:\\:\\:1", bench.root)),
				"its certificate is for the name ::1, not for the address ::1: a server's name is wanted",
				{ host: "::1" },
			);
		});

		for (const host of [
			"",
			".",
			"..",
			"a..b",
			".example.org",
			"-.example.org",
			"*.wild.example.org",
			"mail.example.org..",
			"a b",
			"bücher.example",
			`${"a".repeat(64)}.example.org`,
		])
			test(`a host that is none: "${host.slice(0, 20)}"`, async () => {
				const ascii = host.startsWith("b") ? ": it must be written in ASCII, as xn--..." : "";
				await bench.refused(
					bench.honest(bench.certificates.server(names, bench.root)),
					`"${host}" is no name of a host${ascii}`,
					{
						serverName: host,
					},
				);
			});

		test("a name beyond ASCII whose bytes are the certificate's", () => {
			const identity = forged(bench.certificates.server("DNS:b-cher.example", bench.root), (fields) => {
				const names = extensionsOf(fields).find((it) => isNamed(it, "551d11"));
				const value = (children(names as Element).at(-1) as Element).content as Buffer;
				value[value.indexOf("-")] = 0xfc;
			});
			return bench.refused(
				bench.honest(identity),
				'"b\u00fccher.example" is no name of a host: it must be written in ASCII, as xn--...',
				{
					serverName: "bücher.example",
				},
			);
		});

		test("a self-signed certificate", () =>
			bench.refused(
				bench.honest(bench.certificates.server(names, undefined)),
				"its certificate is self-signed, and not one that is trusted",
			));

		test("an issuer that is not trusted", () =>
			bench.refused(bench.honest(bench.server), "its certificate comes from Test Root, which is not trusted", {
				trust: [derOf(bench.certificates.authority("Other Root"))],
			}));

		test("an issuer with the name of one that is trusted", () =>
			bench.refused(bench.honest(bench.server), "its certificate comes from Test Root, which is not trusted", {
				trust: [derOf(bench.certificates.authority("Test Root"))],
			}));

		test("a certificate whose issuer is missing", () =>
			bench.refused(
				bench.honest(bench.server, { cert: bench.server.certificate }),
				"its certificate comes from Test Intermediate, which is not trusted",
			));

		test("an expired certificate", async () => {
			const short = bench.certificates.server(names, bench.root, { days: 1 });
			const { validTo } = new X509Certificate(short.certificate);
			const day = new Date(validTo).toISOString().slice(0, 10);
			await bench.refused(bench.honest(short), `its certificate expired on ${day}`, { clockOffset: 2 * DAY });
		});

		test("a certificate that is not valid yet", async () => {
			const { validFrom } = new X509Certificate(bench.server.certificate);
			const day = new Date(validFrom).toISOString().slice(0, 10);
			await bench.refused(bench.honest(bench.server), `its certificate is not valid before ${day}`, {
				clockOffset: -2 * DAY,
			});
		});

		test("an expired authority", async () => {
			const short = bench.certificates.authority("Short Root", { days: 1 });
			const { validTo } = new X509Certificate(short.certificate);
			const day = new Date(validTo).toISOString().slice(0, 10);
			await bench.refused(
				bench.honest(bench.certificates.server(names, short)),
				`the authority Short Root expired on ${day}`,
				{
					clockOffset: 2 * DAY,
					trust: [derOf(short)],
				},
			);
		});

		test("everything, with a clock in 1970", () =>
			bench.refused(bench.honest(bench.server), "the clock is not set, so that no certificate can be verified", {
				clockOffset: -Math.floor(Date.now() / 1000),
			}));

		test("a certificate for something other than a server", () =>
			bench.refused(
				bench.honest(
					bench.certificates.server(names, bench.root, {
						extensions: `extendedKeyUsage=emailProtection\nsubjectAltName=${names}`,
					}),
				),
				"its certificate is not for a server",
			));

		test("a certificate signed with SHA-1", () =>
			bench.refused(
				bench.honest(bench.certificates.server(names, bench.root, { digest: "sha1" }), {
					ciphers: "DEFAULT@SECLEVEL=0",
				}),
				"its certificate is signed in a way that is weak or not known here",
			));

		test("a short RSA key", () =>
			bench.refused(
				bench.honest(bench.certificates.server(names, bench.root, { key: "rsa1024" }), {
					ciphers: "DEFAULT@SECLEVEL=0",
				}),
				"its certificate has an RSA key of 1024 bits that cannot be relied on",
			));

		test("name constraints, which it does not check", () => {
			const extensions = "basicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;DNS:example.org";
			const issuer = bench.certificates.issue("Constrained", { issuer: bench.root, extensions });
			return bench.refused(
				bench.honest(bench.certificates.server(names, issuer)),
				"a certificate of its chain has conditions not known here (551d1e)",
			);
		});

		test("too long a chain for its authority", () => {
			const extensions = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=keyCertSign";
			const first = bench.certificates.issue("No Further", { issuer: bench.root, extensions });
			const second = bench.certificates.authority("Further", { issuer: first });
			return bench.refused(
				bench.honest(bench.certificates.server(names, second)),
				"its certificate comes from No Further, which may not issue it",
			);
		});

		test("a certificate that a server has issued", () => {
			const mallory = bench.certificates.server(names, bench.server);
			return bench.refused(bench.honest(mallory), "its certificate comes from server, which may not issue it");
		});

		test("no authority given", () =>
			bench.refused(bench.honest(bench.server), "no certificate authority is given to trust", { trust: undefined }));

		test("a server for TLS 1.3 alone", () =>
			bench.refused(bench.honest(bench.server, { minVersion: "TLSv1.3" }), "the server does not speak TLS 1.2"));

		test("a server with other cipher suites alone", () =>
			bench.refused(
				bench.honest(bench.server, { ciphers: "ECDHE-RSA-AES256-GCM-SHA384" }),
				"the server has nothing in common with us: it needs ECDHE on P-256 with AES-128-GCM, and an RSA or P-256 key",
			));

		test("too little memory, before anything is sent", async () => {
			const reason = "too little memory: TLS takes 13312 bytes, and 9000 are free";
			await bench.refused(bench.honest(bench.server), reason, { freeMemory: 9000 });
		});
	});
};
