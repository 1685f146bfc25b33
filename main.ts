import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import WiFi from "embedded:network/interface/wifi";
import { type Alert, type AlertState, Alerts, type DeadLetter } from "alert/alerts";
import { Debouncer } from "alert/debouncer";
import { type Account, Delivery, type DeliveryOptions } from "alert/delivery";
import { Indicator } from "alert/indicator";
import { Journal, timeOf } from "alert/journal";
import { report } from "alert/report";
import { name as boardName, freeMemory, now, openButton, openLED } from "board";
import type { Message } from "mail/message";
import settings from "mc/config";
import Net from "net";
import { Network, type NetworkOptions } from "network/network";
import Preference from "preference";
import Time from "time";
import { tls } from "tls/provider";
import { type Config, type ConfigProblem, type Language, needsTLS, readConfig } from "./config";

/** In flash, as all that is known when the firmware is built. */
const socket = Object.freeze({ io: TCP });
// the SDK's typing of UDP lacks close()
const udp = Object.freeze({ io: UDP }) as unknown as NetworkOptions["clock"]["udp"];

/** The place where board, network, alerts and mail meet: a press goes in at one end, a mail comes out at the other. */
const start = (config: Config): void => {
	const { event } = config;
	const indicator = new Indicator(openLED({ pin: config.ledPin, invert: config.ledInvert }));
	const network = openNetwork(config, () => alerts.update());
	const journal = new Journal(Preference, network.clock, config.to);
	const alerts = new Alerts({
		network,
		journal,
		delivery: openDelivery(config, network, journal),
		needsClock: needsTLS(config),
		timeoutMs: config.networkTimeoutMs,
		giveUpMs: config.giveUpAfter,
		onChanged(state, alert, detail, againMs) {
			indicator.underlie(alerts.condition);
			if (state !== "waiting") indicator.show(state === "undelivered" ? "failed" : state);
			traceAlert(state, alert, detail, againMs);
		},
	});
	indicator.underlie(alerts.condition);
	const button = new Debouncer(config.debounceMs, () => alerts.raise(event));
	const isPressed = openButton({
		pin: config.buttonPin,
		invert: config.buttonInvert,
		onPush: (pressed) => button.edge(pressed !== 0),
	});
	button.begin(isPressed);
};

const openNetwork = (config: Config, onChanged: () => void): Network => {
	const network = new Network({
		wifi: { io: WiFi, SSID: config.ssid, password: config.password },
		clock: { host: config.sntp, time: Time, udp, now: now(), earliest: config.built },
		dns: { net: Net },
		onChanged() {
			traceNetwork(this);
			onChanged();
		},
	});
	if (network.problem) traceNetwork(network); // of the first attempt: too early for onChanged
	return network;
};

const openDelivery = (config: Config, network: Network, journal: Journal): Delivery => {
	const { to, hostname, device, language, allowCleartextAuth, smtpTimeoutMs: timeoutMs } = config;
	const options: Mails = { to, network, hostname, deadLetters: journal, device, language, compose };
	const account: Account = {
		host: config.smtpHost,
		port: config.smtpPort,
		security: config.smtpSecurity,
		user: config.smtpUser,
		password: config.smtpPassword,
		from: config.from,
	};
	return new Delivery(options, { socket, tls, allowCleartextAuth, timeoutMs }, account, fallbackOf(config));
};

const fallbackOf = (config: Config): Account | undefined => {
	const { fallbackHost } = config;
	if (fallbackHost === undefined) return undefined;
	return {
		host: fallbackHost,
		port: config.fallbackPort,
		security: config.fallbackSecurity,
		user: config.fallbackUser,
		password: config.fallbackPassword,
		from: config.fallbackFrom,
	};
};

/** What the mails need to know. */
interface Mails extends DeliveryOptions {
	network: Network;
	device: string;
	language: Language;
}

function compose(this: Mails, alert: Alert, from: string, deadLetters: readonly DeadLetter[]): Message {
	const { to, device, language, network } = this;
	const { clock } = network;
	return report(alert, {
		from,
		to,
		language,
		device,
		board: boardName,
		time: timeOf(alert, clock),
		uptime: clock.uptime,
		freeMemory: freeMemory(),
		RSSI: network.RSSI,
		deadLetters,
	});
}

const traceNetwork = ({ state, problem, address, clock }: Network): void => {
	const more = problem ? ` (${problem})` : address ? ` ${address}` : "";
	trace(`network: ${state}${more}, clock ${clock.isSet ? "set" : "not set"}\n`);
};

const traceAlert = (state: AlertState, alert: Alert, detail: string | undefined, againMs: number | undefined): void => {
	let line = `alert ${alert.id}: ${state}`;
	if (state === "waiting") line += ` for the ${detail}`;
	else if (detail) line += `: ${detail}`;
	if (state === "undelivered") line += "; it is kept, and the next mail tells of it";
	else if (againMs !== undefined) line += `, another attempt follows in ${Math.ceil(againMs / 1000)} s`;
	trace(`${line}\n`);
};

/** What the configuration asks for and this app has not. */
const lack = (config: Config): ConfigProblem | undefined => {
	if (tls || !needsTLS(config)) return undefined;
	const key = config.smtpSecurity === "none" ? "fallbackSecurity" : "smtpSecurity";
	return { key, problem: "asks for TLS, and this build has none" };
};

/** The SDK calls it when all is there: what is above, preloaded, is in flash. */
export default (): void => {
	const { config, problems } = readConfig(settings);
	const problem = problems[0] ?? lack(config);
	if (problem) {
		trace(`configuration: ${problem.key} ${problem.problem} (./build.sh configure writes manifest_local.json)\n`);
		new Indicator(openLED({})).show("misconfigured");
	} else start(config);
};
