import { deepEqual, equal, ok, test } from "harness";
import { Network } from "network/network";
import { Air, after, Calendar, netOf, udpOf, Wire, wifiOf } from "./fakes";

const make = () => {
	const air = new Air();
	const wire = new Wire();
	const heard: string[] = [];
	const network = new Network({
		wifi: { io: wifiOf(air), SSID: "home" },
		clock: { host: "192.0.2.123", time: new Calendar(), udp: { io: udpOf(wire) } },
		dns: { net: netOf({ "mx.example": "192.0.2.25" }) },
		onChanged() {
			heard.push(`${this.state} ${this.clock.isSet}`);
		},
	});
	return { air, wire, heard, network };
};

test("it is there at once, whether or not there is Wi-Fi, and tells when there is", async () => {
	const { heard, network } = make();
	equal(network.state, "connecting");
	deepEqual([network.address, network.RSSI], [undefined, undefined]);
	await after(3_100);
	deepEqual(heard, ["online false"]);
	deepEqual([network.address, network.RSSI], ["192.0.2.7", -61]);
	network.close();
});

test("the clock is asked for only while there is Wi-Fi", async () => {
	const { air, wire, network } = make();
	await after(2_900);
	equal(wire.requests.length, 0);
	await after(200);
	equal(wire.requests.length, 1);
	air.change(200);
	equal(wire.closed, 1);
	network.close();
});

test("its resolver is made as ECMA-419's clients make theirs", async () => {
	const { network } = make();
	const { dns } = network;
	const results: string[] = [];
	new dns.io(dns).resolve({
		host: "mx.example",
		onResolved: (_, address) => results.push(address),
		onError: () => results.push("failed"),
	});
	await after(100);
	deepEqual(results, ["192.0.2.25"]);
	network.close();
});

test("closed, everything of it is", async () => {
	const { air, wire, heard, network } = make();
	await after(3_100);
	const count = heard.length;
	network.close();
	network.close();
	await after(100_000);
	equal(network.state, "off");
	equal(air.calls[air.calls.length - 1], "close");
	deepEqual([wire.opened, wire.closed], [1, 1]);
	ok(heard.length <= count + 1);
});
