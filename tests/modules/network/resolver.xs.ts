import { deepEqual, equal, ok, test } from "harness";
import { isIPv4, Resolver } from "network/resolver";
import { after, netOf } from "./fakes";

const lookUp = (resolver: Resolver, host: string): string[] => {
	const results: string[] = [];
	resolver.resolve({
		host,
		onResolved: (name, address) => results.push(`${name} ${address}`),
		onError: (name) => results.push(`${name} failed`),
	});
	return results;
};

test("a name becomes an address", async () => {
	const results = lookUp(new Resolver({ net: netOf({ "mx.example": "192.0.2.25" }) }), "mx.example");
	deepEqual(results, []);
	await after(100);
	deepEqual(results, ["mx.example 192.0.2.25"]);
});

test("an IPv4 address is its own answer, but not at once, and no server is asked", async () => {
	const asked: string[] = [];
	const results = lookUp(new Resolver({ net: netOf({}, 20, asked) }), "198.51.100.3");
	deepEqual(results, []);
	await after(1);
	deepEqual(results, ["198.51.100.3 198.51.100.3"]);
	deepEqual(asked, []);
});

test("a name that is not found is an error; so is an address that is none of IPv4", async () => {
	for (const address of [undefined, "", "2001:db8::1"]) {
		const results = lookUp(new Resolver({ net: netOf({ "no.example": address }) }), "no.example");
		await after(100);
		deepEqual(results, ["no.example failed"]);
	}
});

test("silence is an error after the deadline, and what comes then is ignored", async () => {
	const results = lookUp(
		new Resolver({ net: netOf({ "slow.example": "192.0.2.1" }, 3_000), timeoutMs: 2_000 }),
		"slow.example",
	);
	await after(1_999);
	deepEqual(results, []);
	await after(10);
	deepEqual(results, ["slow.example failed"]);
	await after(5_000);
	equal(results.length, 1);
});

test("a resolver that throws is an error, but not at once", async () => {
	const net = {
		resolve() {
			throw new Error("out of memory");
		},
	};
	const results = lookUp(new Resolver({ net }), "mx.example");
	deepEqual(results, []);
	await after(10);
	deepEqual(results, ["mx.example failed"]);
	await after(60_000);
	equal(results.length, 1);
});

test("closed, it calls nothing any more", async () => {
	for (const host of ["mx.example", "192.0.2.1", "silent.example"]) {
		const resolver = new Resolver({ net: netOf({ "mx.example": "192.0.2.25" }) });
		const results = lookUp(resolver, host);
		resolver.close();
		resolver.close();
		await after(100_000);
		deepEqual(results, []);
	}
});

test("one look-up at a time, then the next", async () => {
	const resolver = new Resolver({ net: netOf({ a: "192.0.2.1", b: "192.0.2.2" }) });
	const first = lookUp(resolver, "a");
	let refused = false;
	try {
		lookUp(resolver, "b");
	} catch {
		refused = true;
	}
	ok(refused);
	await after(100);
	deepEqual(first, ["a 192.0.2.1"]);
	const second = lookUp(resolver, "b");
	await after(100);
	deepEqual(second, ["b 192.0.2.2"]);
});

test("an answer that outlived its close is not taken for the next look-up's", async () => {
	const resolver = new Resolver({ net: netOf({ a: "192.0.2.1", b: "192.0.2.2" }, 50) });
	lookUp(resolver, "a");
	resolver.close();
	const results = lookUp(resolver, "b");
	await after(200);
	deepEqual(results, ["b 192.0.2.2"]);
});

test("what is an IPv4 address and what is not", () => {
	for (const text of ["0.0.0.0", "1.2.3.4", "255.255.255.255", "10.0.100.20"]) ok(isIPv4(text), text);
	for (const text of [
		"",
		"1.2.3",
		"1.2.3.4.5",
		"256.1.1.1",
		"1..2.3",
		"1.2.3.",
		".1.2.3",
		"01.2.3.4",
		"1.2.3.4 ",
		"1.2.3.x",
		"-1.2.3.4",
		"1.2.3.4e0",
		"mx.example",
		"99999999999999999999.1.1.1",
	])
		ok(!isIPv4(text), text);
});
