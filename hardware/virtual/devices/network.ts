import type { Clock } from "./clock.js";
import type { Device, SendEvent } from "./device.js";
import { DNS, type DNSAnswers } from "./dns.js";
import { Link } from "./link.js";
import type { Peers } from "./peer.js";
import type { TLSLimits } from "./secure.js";
import { TCP, type Traffic } from "./tcp.js";
import { type SNTPAnswers, UDP } from "./udp.js";
import { WiFi, type WiFiOptions } from "./wifi.js";

/** The network the board is in. */
export interface NetworkOptions {
	/** True: Wi-Fi is connected from the start. Default: the app must connect. */
	connected?: boolean;
	wifi?: WiFiOptions;
	/**
	 * Names with answers of their own: an address, null (no such name) or "silence". Others: the desk's resolver. They may be
	 * changed while the board runs.
	 */
	dns?: DNSAnswers;
	/** Who answers requests for the time. Default: "desk", so that no packet leaves it. */
	sntp?: SNTPAnswers;
	/** What `embedded:io/socket/tcp/tls` can do. Default: all that Node can. */
	tls?: TLSLimits;
	/** Servers of the desk's own, in this process: what is said with them is the same in every run. */
	peers?: Peers;
	/** lwIP's TCP_MSS in bytes, from which the send buffer (2) and the window (4) follow. Default: 536. */
	segmentSize?: number;
}

export const SEGMENT_SIZE = 536;

/** So that the usual server of the time is found without the world. */
const answers: DNSAnswers = { "pool.ntp.org": "192.0.2.123" };

/** The devices that make the network, by the names the engine calls them, and what is open to those who play with it. */
export function createNetwork(
	options: NetworkOptions,
	clock: Clock,
	send: SendEvent,
): { wifi: WiFi; traffic: Traffic; devices: Record<string, Device> } {
	const link = new Link();
	const wifi = new WiFi(options.wifi ?? {}, clock, link, send);
	if (options.connected) wifi.startConnected();
	const { segmentSize = SEGMENT_SIZE, tls = {}, dns = {}, peers = () => undefined } = options;
	const tcp = new TCP(link, send, clock, segmentSize, tls, peers);
	const devices = {
		wifi,
		tcp,
		udp: new UDP(options.sntp ?? "desk", clock, link, send),
		dns: new DNS((name) => (Object.hasOwn(dns, name) ? dns[name] : answers[name]), clock, link, send),
	};
	return { wifi, traffic: tcp.traffic, devices };
}
