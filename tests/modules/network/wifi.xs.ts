import { deepEqual, equal, ok, test } from "harness";
import { type WiFiState, WiFiSupervisor } from "network/wifi";
import { Air, after, wifiOf } from "./fakes";

const CONNECT = 'connect {"SSID":"home","password":"secret phrase"}';

interface Watched {
	wifi: WiFiSupervisor;
	/** What was told. */
	states: WiFiState[];
}

const watch = (air: Air, password: string | undefined = "secret phrase"): Watched => {
	const states: WiFiState[] = [];
	const wifi = new WiFiSupervisor({ io: wifiOf(air), SSID: "home", password }, () => states.push(wifi.state));
	return { wifi, states };
};

test("connects, and tells the address and the signal", async () => {
	const air = new Air();
	const { wifi, states } = watch(air);
	equal(wifi.state, "connecting");
	equal(wifi.address, undefined);
	await after(3_100);
	deepEqual(states, ["online"]);
	equal(wifi.address, "192.0.2.7");
	equal(wifi.RSSI, -61);
	deepEqual(air.calls, [CONNECT]);
	wifi.close();
});

test("gives no password, not even an undefined one, to an open network", () => {
	const air = new Air();
	const wifi = new WiFiSupervisor({ io: wifiOf(air), SSID: "guests", password: undefined });
	deepEqual(air.calls, ['connect {"SSID":"guests"}']);
	wifi.close();
});

test("an attempt that comes to nothing is given up, and made again after a pause", async () => {
	const air = new Air();
	air.joinMs = undefined;
	const { wifi, states } = watch(air);
	await after(20_100);
	deepEqual(states, ["waiting"]);
	deepEqual(air.calls, [CONNECT, "disconnect"]);
	air.joinMs = 3_000;
	await after(2_600 + 3_000);
	deepEqual(states, ["waiting", "connecting", "online"]);
	deepEqual(air.calls, [CONNECT, "disconnect", CONNECT]);
	wifi.close();
});

test("pauses grow but stay bounded: in a day without the network it tries at least every three minutes", async () => {
	const air = new Air();
	air.joinMs = undefined;
	const { wifi } = watch(air);
	await after(24 * 3_600_000);
	const attempts = air.calls.filter((call) => call === CONNECT).length;
	ok(attempts >= 24 * 20 && attempts <= 24 * 40, `${attempts} attempts`);
	wifi.close();
});

test("a connection that is lost is awaited, then made again", async () => {
	const air = new Air();
	const { wifi, states } = watch(air);
	await after(3_100);
	air.change(200);
	equal(wifi.state, "connecting");
	await after(30_000);
	deepEqual(states, ["online", "connecting", "waiting", "connecting", "online"]);
	deepEqual(air.calls, [CONNECT, "disconnect", CONNECT]);
	wifi.close();
});

test("a connection that comes back by itself is left alone", async () => {
	const air = new Air();
	const { wifi, states } = watch(air);
	await after(3_100);
	air.change(200);
	await after(5_000);
	air.change(400);
	air.change(500);
	await after(100_000);
	deepEqual(states, ["online", "connecting", "online"]);
	deepEqual(air.calls, [CONNECT]);
	wifi.close();
});

test("the chip's false starts while it connects change nothing", async () => {
	const air = new Air();
	const { wifi, states } = watch(air);
	for (const connection of [200, 300, 400, 200, 300, 400]) air.change(connection);
	deepEqual(states, []);
	air.change(500);
	deepEqual(states, ["online"]);
	wifi.close();
});

test("a connect that throws is a failed attempt", async () => {
	const air = new Air();
	air.broken = true;
	const { wifi } = watch(air);
	equal(wifi.state, "waiting");
	air.broken = false;
	await after(2_600 + 3_000);
	equal(wifi.state, "online");
	wifi.close();
});

test("why it waits is told, the chip's own words where it refused the attempt", async () => {
	const air = new Air();
	air.joinMs = undefined;
	const heard: string[] = [];
	const wifi: WiFiSupervisor = new WiFiSupervisor({ io: wifiOf(air), SSID: "home" }, () =>
		heard.push(`${wifi.state}: ${wifi.problem}`),
	);
	await after(20_100);
	deepEqual(heard, ["waiting: no connection after 20 s"]);
	air.broken = true;
	await after(2_600);
	deepEqual(heard.slice(1), ["waiting: already connecting"]);
	air.broken = false;
	await after(5_100);
	deepEqual(heard.slice(2), ["connecting: undefined"]);
	wifi.close();
});

test("the very first attempt's refusal can be asked for", () => {
	const air = new Air();
	air.broken = true;
	const { wifi, states } = watch(air);
	equal(wifi.problem, "already connecting");
	deepEqual(states, []);
	wifi.close();
	equal(wifi.problem, undefined);
});

test("closed, it is off: no attempt and no callback follows, and closing again is allowed", async () => {
	for (const atMs of [100, 3_100, 21_000]) {
		const air = new Air();
		if (atMs > 20_000) air.joinMs = undefined;
		const { wifi } = watch(air);
		await after(atMs);
		wifi.close();
		wifi.close();
		const calls = air.calls.length;
		air.onChanged?.("connection");
		await after(200_000);
		equal(wifi.state, "off");
		equal(wifi.address, undefined);
		equal(air.calls.length, calls);
		equal(air.calls[calls - 1], "close");
	}
});

test("it may be closed from its own callback, in any state", async () => {
	for (const state of ["online", "waiting", "connecting"]) {
		const air = new Air();
		if (state !== "online") air.joinMs = undefined;
		const wifi: WiFiSupervisor = new WiFiSupervisor({ io: wifiOf(air), SSID: "home" }, () => {
			if (wifi.state === state) wifi.close();
		});
		await after(60_000);
		equal(wifi.state, "off");
		equal(air.calls[air.calls.length - 1], "close");
	}
});
