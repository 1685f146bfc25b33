/** Ports for servers that take a while to listen. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { freePorts, ServerProcess } from "./process.js";

/** A port that the system gives away, and the first and the last of them where it tells. */
async function given(): Promise<{ first: number; last: number }> {
	try {
		const [first, last] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s+/).map(Number);
		return { first: first as number, last: last as number };
	} catch {
		const server = createServer().listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = server.address() as AddressInfo;
		server.close();
		return { first: port, last: port };
	}
}

test("ports are free, each another, and none that the system gives to others meanwhile", async () => {
	const ports = await freePorts(20);
	const { first, last } = await given();
	assert.equal(new Set(ports).size, 20);
	for (const port of ports) {
		assert.ok(port < first || port > last, `${port} is from ${first} to ${last}`);
		const server = createServer().listen(port, "127.0.0.1");
		await once(server, "listening");
		server.close();
	}
});

test("a server that cannot be started says why in one line", async () => {
	const { listening } = await failing("echo starting; echo 'Fatal: line 2: what is this?' >&2; echo bye; exit 89");
	assert.equal(listening, "the server has ended: Fatal: line 2: what is this?");
	const none = new ServerProcess("/no/such/server", []);
	await assert.rejects(none.listening(1), /^Error: the server has ended: .*ENOENT$/);
	await none.stop();
});

async function failing(script: string): Promise<{ listening: string }> {
	const server = new ServerProcess("/bin/sh", ["-c", script]);
	const listening = await server.listening("/no/such/socket").catch(({ message }: Error) => message);
	await server.stop();
	return { listening: String(listening) };
}
