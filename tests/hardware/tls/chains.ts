/** Chains of certificates: which of them are a way to an authority that is trusted, and which must not be. */
import { suite, test } from "node:test";
import { AUTHORITY, derOf, type Identity } from "./authority.js";
import { type Bench, names } from "./bench.js";
import { children, type Element, encode, extensionsOf, Field, forged, parse, withDER } from "./forgery.js";
import { chainDERs, tlsPeer } from "./peer.js";

const DAY = 86_400;
/** In two days; what is valid for one has expired then. */
const later = { clockOffset: 2 * DAY };

export const chains = (bench: Bench): void => {
	const pem = (...identities: Identity[]): string => identities.map(({ certificate }) => certificate).join("");

	/** Takes the app to a server with a chain that Node and OpenSSL would not send. */
	async function refused(identity: Identity, reason: RegExp, ...chain: Buffer[]): Promise<void> {
		const at = await tlsPeer({ identity, ...(chain.length ? { chain } : {}) });
		await bench.refusedBy(at, reason);
	}

	suite("finds the way to its authority", () => {
		test("past an expired certificate of the same issuer", async () => {
			const short = bench.certificates.authority("Renewed", { issuer: bench.root, days: 1 });
			const renewed = bench.certificates.authority("Renewed", { issuer: bench.root, owner: short });
			const server = bench.certificates.server(names, renewed);
			await bench.delivered(bench.honest(server, { cert: pem(server, short, renewed) }), later);
			await bench.delivered(bench.honest(server, { cert: pem(server, renewed, short) }), later);
		});

		test("past an authority's expired certificate", async () => {
			const short = bench.certificates.authority("Renewed Root", { days: 1 });
			const renewed = bench.certificates.authority("Renewed Root", { owner: short });
			const server = bench.certificates.server(names, short);
			await bench.delivered(bench.honest(server), { ...later, trust: [derOf(short), derOf(renewed)] });
		});

		test("past an issuer of the same name with another key", async () => {
			const other = bench.certificates.authority("Test Intermediate", { issuer: bench.root });
			await bench.delivered(bench.honest(bench.server, { cert: pem(bench.server, other, bench.intermediate) }));
		});

		test("back from an issuer whose own issuer is nobody's", async () => {
			const stranger = bench.certificates.authority("Stranger");
			const crossed = bench.certificates.authority("Crossed", { issuer: stranger });
			const known = bench.certificates.authority("Crossed", { issuer: bench.root, owner: crossed });
			const server = bench.certificates.server(names, crossed);
			await bench.delivered(bench.honest(server, { cert: pem(server, crossed, stranger, known) }));
		});

		test("past certificates with conditions that have nothing to do with it", async () => {
			const extensions = `${AUTHORITY}\nnameConstraints=critical,permitted;DNS:example.com`;
			const constrained = bench.certificates.issue("Constrained", { issuer: bench.root, extensions });
			const strange = bench.certificates.issue("Strange", {
				issuer: bench.root,
				extensions: `${AUTHORITY}\n1.2.3.4=critical,ASN1:NULL`,
			});
			const cert = pem(bench.server, constrained, strange, bench.intermediate);
			await bench.delivered(bench.honest(bench.server, { cert }));
		});

		test("past what is no certificate", async () => {
			const chain = [derOf(bench.server), Buffer.from("3003020101", "hex"), derOf(bench.intermediate)];
			await bench.trusted(
				await tlsPeer({ identity: bench.server, chain, afterwards: (peer) => peer.send(23, Buffer.from([0])) }),
			);
		});

		test("through an issuer for servers alone, and one for any purpose", async () => {
			for (const purpose of ["serverAuth,clientAuth", "anyExtendedKeyUsage"]) {
				const extensions = `${AUTHORITY}\nextendedKeyUsage=${purpose}`;
				const issuer = bench.certificates.issue("Purpose", { issuer: bench.root, extensions });
				await bench.delivered(bench.honest(bench.certificates.server(names, issuer)));
			}
		});

		test("through an issuer on P-384", async () => {
			const issuer = bench.certificates.authority("P-384", { issuer: bench.root, key: "p384" });
			await bench.delivered(bench.honest(bench.certificates.server(names, issuer, { key: "p256", digest: "sha384" })));
		});

		test("through an authority with RSA-4096, by a certificate in four", async () => {
			const root = bench.certificates.authority("Long Root", { key: "rsa4096" });
			const first = bench.certificates.authority("First", { issuer: root });
			const second = bench.certificates.authority("Second", { issuer: first });
			const server = bench.certificates.server(names, second);
			await bench.delivered(bench.honest(server, { cert: pem(server, second, first, root) }), { trust: [derOf(root)] });
		});
	});

	suite("refuses of a chain", () => {
		for (const purpose of ["emailProtection", "codeSigning"]) {
			const extensions = `${AUTHORITY}\nextendedKeyUsage=${purpose}`;
			test(`an issuer for ${purpose}`, () => {
				const issuer = bench.certificates.issue("Mail Issuer", { issuer: bench.root, extensions });
				return bench.refused(
					bench.honest(bench.certificates.server(names, issuer)),
					"its certificate comes from Mail Issuer, which may not issue it",
				);
			});

			test(`an authority for ${purpose}`, () => {
				const root = bench.certificates.issue("Mail Root", { extensions });
				return bench.refused(
					bench.honest(bench.certificates.server(names, root)),
					"its certificate comes from Mail Root, which may not issue it",
					{ trust: [derOf(root)] },
				);
			});
		}

		test("a server's key that may sign lists of revoked certificates only, or encipher keys only", async () => {
			for (const usage of ["cRLSign", "keyEncipherment", "keyCertSign", "keyAgreement"]) {
				const extensions = `keyUsage=critical,${usage}\nsubjectAltName=${names}`;
				await bench.refused(
					bench.honest(bench.certificates.server(names, bench.root, { extensions })),
					"its certificate's key may not sign for a server",
				);
			}
		});

		test("a server's own key on P-384", () =>
			refused(
				bench.certificates.server(names, bench.root, { key: "p384" }),
				/its certificate has a key on P-384, which is too slow for a server's: RSA or P-256/,
			));

		test("an issuer that comes to itself", () => {
			const a = bench.certificates.authority("A");
			const b = bench.certificates.authority("B", { issuer: a });
			const again = bench.certificates.authority("A", { issuer: b, owner: a });
			const server = bench.certificates.server(names, b);
			return bench.refused(
				bench.honest(server, { cert: pem(server, b, again) }),
				"its certificate comes from B, which is not trusted",
			);
		});

		/** A server's certificate with another key, which nobody need have. */
		const withKey = (edit: (numbers: Element[]) => void): Identity =>
			forged(bench.certificates.authority("Strange Key", { issuer: bench.root }), (fields) => {
				const bits = children(fields[Field.key] as Element)[1] as Element;
				const key = parse((bits.content as Buffer).subarray(1));
				edit(children(key));
				bits.content = Buffer.concat([Buffer.from([0]), encode(key)]);
			});

		for (const [what, edit] of [
			["an exponent of 2^32 - 1", ([, it]: Element[]) => (it!.content = Buffer.from("00ffffffff", "hex"))],
			["an exponent of 65,539", ([, it]: Element[]) => (it!.content = Buffer.from("010003", "hex"))],
			["an exponent of 3", ([, it]: Element[]) => (it!.content = Buffer.from([3]))],
			["a modulus of 64 KB", ([it]: Element[]) => (it!.content = Buffer.alloc(8192, 0x7f))],
			[
				"a modulus that is even",
				([it]: Element[]) => (it!.content as Buffer).writeUInt8(0, (it!.content as Buffer).length - 1),
			],
		] as const)
			test(`an issuer whose RSA key has ${what}`, () => {
				const issuer = withKey(edit as (numbers: Element[]) => void);
				const server = bench.certificates.server(names, bench.certificates.authority("Strange Key"));
				return refused(
					server,
					/its certificate has an RSA key .*that cannot be relied on/,
					derOf(server),
					derOf(issuer),
				);
			});

		test("a signature whose numbers are longer than the certificate", async () => {
			const root = bench.certificates.authority("EC Root", { key: "p256" });
			const server = bench.certificates.server(names, root);
			const number = Buffer.concat([Buffer.from("02820800", "hex"), Buffer.alloc(2048, 0x11)]);
			const signature = Buffer.concat([Buffer.from([0, 0x30, 0x82, 0x10, 0x08]), number, number]);
			const tree = parse(derOf(server));
			(children(tree)[2] as Element).content = signature;
			const at = await tlsPeer({ identity: server, chain: [encode(tree)] });
			await bench.refusedBy(at, /its certificate comes from EC Root, which is not trusted/, { trust: [derOf(root)] });
		});

		test("more certificates than anyone has, of one byte or of none", async () => {
			await refused(
				bench.server,
				/the server sent 250 certificates, more than 10|breaks the rules of TLS/,
				...new Array(250).fill(Buffer.alloc(0)),
			);
			await refused(bench.server, /breaks the rules of TLS/, derOf(bench.server), Buffer.alloc(0));
			await refused(
				bench.server,
				/the server sent more than 10 certificates/,
				...new Array(250).fill(Buffer.from([0x30])),
			);
			await refused(
				bench.server,
				/the server sent more than 10 certificates/,
				...new Array(11).fill(derOf(bench.server)),
			);
		});

		test("a certificate followed by something else", () =>
			refused(
				bench.server,
				/its certificate is malformed/,
				Buffer.concat([derOf(bench.server), Buffer.from([0])]),
				derOf(bench.intermediate),
			));

		/** What follows is signed by the authority itself: only the form is wrong. */
		const malformed = (edit: (fields: Element[]) => void): Promise<void> =>
			refused(forged(bench.server, edit), /its certificate is malformed/);

		test("an extension that comes twice", () =>
			malformed((fields) => {
				const list = extensionsOf(fields);
				list.push(list.at(-1) as Element);
			}));

		test("the same purposes twice, of which the last would do", () =>
			malformed((fields) => {
				const list = extensionsOf(fields);
				list.unshift(list.find((it) => isNamed(it, "551d25")) as Element);
			}));

		test("no bytes in the place of a value, and bytes behind one", async () => {
			for (const content of [Buffer.alloc(0), Buffer.from("300000", "hex")])
				await malformed((fields) => {
					const it = extensionsOf(fields).find((extension) => isNamed(extension, "551d25")) as Element;
					(children(it).at(-1) as Element).content = content;
				});
		});

		for (const [what, time] of [
			["month 13", "271301000000Z"],
			["month 0", "270001000000Z"],
			["30 February", "270230000000Z"],
			["day 0", "270100000000Z"],
			["24 o'clock", "270101240000Z"],
			["minute 60", "270101006000Z"],
			["second 61", "270101000061Z"],
			["no time zone", "270101000000+"],
			["another time zone", "2701010000+0100"],
			["no digits", "2701010000: Z"],
		] as const)
			test(`dates with ${what}`, () =>
				malformed((fields) => {
					const [, end] = children(fields[Field.validity] as Element);
					(end as Element).content = Buffer.from(time);
				}));

		test("extensions in a certificate of version 1", () =>
			malformed((fields) => {
				fields.shift();
			}));

		test("names that are malformed behind the right one", () =>
			malformed((fields) => {
				const it = extensionsOf(fields).find((extension) => isNamed(extension, "551d11")) as Element;
				const value = parse((children(it).at(-1) as Element).content as Buffer);
				children(value).push({ tag: 0x82, content: Buffer.alloc(0) });
				const bytes = encode(value);
				bytes[bytes.length - 1] = 5; // a name of five bytes, of which there are none
				(children(it).at(-1) as Element).content = bytes;
			}));

		test("lengths that are longer than they need be", () => {
			const der = derOf(bench.server);
			const long = Buffer.concat([Buffer.from([0x30, 0x83, 0]), der.subarray(2)]);
			return refused(withDER(bench.server, long), /its certificate is malformed/, long, derOf(bench.intermediate));
		});
	});

	suite("names the memory that is missing", () => {
		test("for a chain of certificates and what must be computed with them", async () => {
			const long = "DNS:mail.example.org,".concat(
				Array.from({ length: 200 }, (_, i) => `DNS:host-${i}.of-a-long-list.example.org`).join(","),
			);
			const root = bench.certificates.authority("Long Root", { key: "rsa4096" });
			const server = bench.certificates.server(long, root);
			const at = await tlsPeer({ identity: server, chain: chainDERs(server) });
			await bench.refusedBy(
				at,
				/too little memory: its certificates take \d+ bytes, a key of 4096 bits \d+ more, and \d+ are free/,
				{ trust: [derOf(root)], freeMemory: [...new Array(3).fill(20_000), 4_000] },
			);
		});
	});
};

/** Whether an extension has an identifier, in hexadecimal digits. */
export const isNamed = (extension: Element, identifier: string): boolean =>
	((children(extension)[0] as Element).content as Buffer).toString("hex") === identifier;
