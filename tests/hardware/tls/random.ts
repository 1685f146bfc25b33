/** Where the numbers come from that nobody else may know. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { derOf } from "./authority.js";
import type { Bench } from "./bench.js";
import { tlsPeer } from "./peer.js";

export const random = (bench: Bench): void => {
	suite("has random numbers", () => {
		/** What two runs of the app, with the same clock that stands still, and two handshakes of one of them, show of theirs. */
		test("that no other run has, and that the clock does not tell", async () => {
			const at = await tlsPeer({ identity: bench.server, afterwards: (peer) => peer.send(23, Buffer.from([0])) });
			const clockFrozen = Math.floor(Date.now() / 1000);
			const scenario = { what: "stream", bytes: 1, port: at.port, trust: [derOf(bench.root)], clockFrozen } as const;
			for (let run = 0; run < 3; run++) assert.equal((await bench.app.run(scenario)).at(-1)?.event, "done");
			await at.idle();
			await at.close();
			for (const numbers of [at.randoms, at.shares]) {
				assert.equal(numbers.length, 3);
				assert.equal(new Set(numbers.map((it) => it.toString("hex"))).size, 3, "the same numbers again");
			}
		});

		test("that no later handshake of the same run has", async () => {
			const at = await tlsPeer({ identity: bench.server, afterwards: (peer) => peer.send(23, Buffer.from([0])) });
			const scenario = { what: "stream", bytes: 1, port: at.port, trust: [derOf(bench.root)] } as const;
			await bench.app.run({ ...scenario, times: 3 });
			await at.idle();
			await at.close();
			const all = [...at.randoms, ...at.shares].map((it) => it.toString("hex"));
			assert.deepEqual([all.length, new Set(all).size], [6, 6]);
		});

		/** NIST's CAVP, HMAC_DRBG.rsp, [SHA-256], no personalization, no additional input, COUNT = 0 (SP 800-90A, 10.1.2). */
		for (const { what, entropy, reseed, expected } of [
			{
				what: "without a reseed",
				entropy: "ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488659ba96c601dc69fc902940805ec0ca8",
				reseed: undefined,
				expected:
					"e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89d54fbb978a15b5c443c9ec21036d2460" +
					"b6f73ebad0dc2aba6e624abf07745bc107694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668" +
					"961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8",
			},
			{
				what: "with one",
				entropy: "06032cd5eed33f39265f49ecb142c511da9aff2af71203bffaf34a9ca5bd9c0d0e66f71edc43e42a45ad3c6fc6cdc4df",
				reseed: "01920a4e669ed3a85ae8a33b35a74ad7fb2a6bb4cf395ce00334a9c9a5a5d552",
				expected:
					"76fc79fe9b50beccc991a11b5635783a83536add03c157fb30645e611c2898bb2b1bc215000209208cd506cb28da2a51" +
					"bdb03826aaf2bd2335d576d519160842e7158ad0949d1a9ec3e66ea1b1a064b005de914eac2e9d4f2d72a8616a802254" +
					"22918250ff66a41bd2f864a6a38cc5b6499dc43f7f2bd09e1e0f8f5885935124",
			},
		])
			test(`made as SP 800-90A has it, ${what}`, async () => {
				const scenario = { what: "random", port: 0, bytes: 128, entropy, ...(reseed ? { reseed } : {}) } as const;
				assert.deepEqual(await bench.app.run(scenario), [{ event: "done", digits: expected }]);
			});
	});
};
