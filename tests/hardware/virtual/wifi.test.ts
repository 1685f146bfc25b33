/** Wi-Fi as the SDK's module for the ESP8266 tells of it, and what a test can do to it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import type { WiFiOptions } from "../../../hardware/virtual/board.js";
import { PATIENCE_MS } from "../../patience.js";
import { type Run, start } from "./program.js";

const program = `
	import WiFi from "embedded:network/interface/wifi";
	import config from "mc/config";
	const wifi = new WiFi({onChanged(what) { trace(what + " " + this.connection + " " + this.address + " " + this.SSID + " " + this.RSSI + "\\n"); }});
	trace("start " + wifi.connection + "\\n");
	wifi.connect({SSID: config.ssid, password: "secret"});
	trace("connecting " + wifi.connection + "\\n");
	try { wifi.connect({SSID: "x"}); } catch (e) { trace(e.message + "\\n"); }`;

function connect(context: TestContext, wifi: WiFiOptions = {}): Promise<Run> {
	return start(context, program, { config: { ssid: "home" } }, { clock: "virtual", network: { wifi } });
}

/** The lines traced since the last time, once there are so many. */
async function next({ board, traced }: Run, count: number): Promise<string[]> {
	while (traced.length < count) await once(board, "trace", { signal: AbortSignal.timeout(PATIENCE_MS) });
	return traced.splice(0);
}

const connected = [
	"connection 400 undefined home -61",
	"connection 500 192.0.2.2 home -61",
	"address 500 192.0.2.2 home -61",
];

test("the app connects, step by step", async (context) => {
	const run = await connect(context);
	const [first, second, third, ...rest] = await next(run, 6);
	assert.deepEqual([first, second, third], ["start 200", "connecting 300", "already connecting"]);
	assert.deepEqual(rest, connected);
});

test("dropped, the station is disconnected, and connects by itself when the access point is back", async (context) => {
	const run = await connect(context);
	await next(run, 6);
	run.board.wifi.drop();
	assert.deepEqual(await next(run, 1), ["connection 200 undefined undefined undefined"]);
	run.board.wifi.restore();
	assert.deepEqual(await next(run, 3), connected);
});

test("a wrong password is a refusal", async (context) => {
	const run = await connect(context, { password: "other" });
	const lines = await next(run, 4);
	assert.equal(lines[3], "connection 200 undefined undefined undefined");
});

test("without addresses the station stays associated", async (context) => {
	const run = await connect(context);
	run.board.wifi.withholdAddress();
	const lines = await next(run, 4);
	assert.equal(lines[3], "connection 400 undefined home -61");
	run.board.wifi.restore();
	assert.deepEqual(await next(run, 2), connected.slice(1));
});
