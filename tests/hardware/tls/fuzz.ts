/** Many handshakes with servers that do not do what they should, each a little otherwise. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { derOf } from "./authority.js";
import { type Bench, names } from "./bench.js";
import { type Mutation, mutation } from "./mutations.js";
import { type Peer, type Script, tlsPeer } from "./peer.js";

/** A sample; by hand, TLS_FUZZ=50000 and a TLS_FUZZ_SEED of its own. */
const COUNT = Number(process.env.TLS_FUZZ ?? 240);
const SEED = Number(process.env.TLS_FUZZ_SEED ?? 1);
/** What each app may take of memory at most, in MB; as much as it takes after its first handshakes. */
const MEGABYTES = 64;

export const fuzz = (bench: Bench): void => {
	suite("is not led astray", () => {
		for (const [name, lane] of [
			["RSA", 0],
			["P-256", 1],
		] as const)
			test(`by ${COUNT / 2} mutated handshakes with a key on ${name}`, async (t) => {
				const identity = lane ? bench.certificates.server(names, bench.intermediate, { key: "p256" }) : bench.server;
				const mutations = Array.from({ length: COUNT / 2 }, (_, i) => mutation(SEED * 1_000_003 + 2 * i + lane));
				let count = 0;
				const at = await tlsPeer({ identity }, () => scriptOf(mutations[count++] as Mutation));
				let pid = 0;
				let most = "";
				const watch = setInterval(() => {
					most = memoryOf(pid) ?? most;
				}, 100);
				try {
					const scenario = {
						what: "fuzz",
						port: at.port,
						trust: [derOf(bench.root)],
						times: mutations.length,
					} as const;
					const events = await bench.app.run(scenario, (started) => {
						pid = started;
					});
					const ends = events.filter(({ event }) => event === "connection");
					const wrong = ends.flatMap(({ isSecure, received, message }, i) => {
						const { name: what, isHarmless } = mutations[i] as Mutation;
						const isSatisfied = isSecure === true && received === 1;
						const isOurs = String(message).startsWith("unexpected");
						return isSatisfied === isHarmless && !isOurs ? [] : [`${i} ${what}: ${JSON.stringify(ends[i])}`];
					});
					assert.deepEqual(wrong, []);
					assert.equal(ends.length, mutations.length);
					t.diagnostic(`most memory: ${most}`);
					assert.ok(Number.parseInt(most, 10) < MEGABYTES * 1024, most);
				} finally {
					clearInterval(watch);
					await at.close();
				}
			});
	});
};

/** Where the client may wait for more than comes, the server does not: it costs time, but nothing depends on how much. */
function scriptOf({ isHarmless, script }: Mutation): Partial<Script> {
	const afterwards = (peer: Peer): void => peer.send(23, Buffer.from([0]));
	return { afterwards, ...script, ...(isHarmless ? {} : { patience: 1000 }) };
}

/** The most that a process has had in memory: "12345 kB". */
function memoryOf(pid: number): string | undefined {
	try {
		return /VmHWM:\s*(.*)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
	} catch {
		return undefined; // it has ended
	}
}
