import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import WiFi from "embedded:network/interface/wifi";
import { type Alert, type AlertState, Alerts, type DeliveryError } from "alert/alerts";
import { Debouncer } from "alert/debouncer";
import { Indicator } from "alert/indicator";
import { Journal, timeOf } from "alert/journal";
import { report } from "alert/report";
import { name as boardName, freeMemory, now, openButton, openLED } from "board";
import type { Message } from "mail/message";
import settings from "mc/config";
import Net from "net";
import { Network, type NetworkOptions } from "network/network";
import Preference from "preference";
import { SMTPClient, type SMTPOptions, type SMTPRefusal, type SMTPResult } from "smtp/client";
import { SMTPError } from "smtp/error";
import Time from "time";
import { tls } from "tls/provider";
import { type Config, type ConfigProblem, readConfig } from "./config";

/** The place where board, network, alerts and mail meet: a press goes in at one end, a mail comes out at the other. */
const start = (config: Config): void => {
	const indicator = new Indicator(openLED({ pin: config.ledPin, invert: config.ledInvert }));
	const network = openNetwork(config, () => alerts.update());
	const alerts = new Alerts({
		network,
		journal: new Journal(Preference, network.clock),
		deliver: (alert, done) => deliver(alert, done, config, network),
		needsClock: config.smtpSecurity !== "none",
		timeoutMs: config.networkTimeoutMs,
		onChanged(state, alert, detail) {
			indicator.show(state);
			traceAlert(state, alert, detail);
		},
	});
	const button = new Debouncer(config.debounceMs, () => alerts.raise(config.event));
	openButton({
		pin: config.buttonPin,
		invert: config.buttonInvert,
		onPush: (pressed) => button.edge(pressed !== 0),
	});
};

const openNetwork = (config: Config, onChanged: () => void): Network => {
	// the SDK's typing of UDP lacks close()
	const udp = { io: UDP } as unknown as NetworkOptions["clock"]["udp"];
	const network = new Network({
		wifi: { io: WiFi, SSID: config.ssid, password: config.password },
		clock: { host: config.sntp, time: Time, udp, now: now() },
		dns: { net: Net },
		onChanged() {
			traceNetwork(this);
			onChanged();
		},
	});
	if (network.problem) traceNetwork(network); // of the first attempt: too early for onChanged
	return network;
};

const deliver = (alert: Alert, done: (error?: DeliveryError) => void, config: Config, network: Network): void => {
	const { from } = config;
	const to = alert.recipients ?? config.to;
	const { address } = network;
	if (!address) throw new SMTPError("connect", "connect", "the network has given no address", true);
	const delivery: Delivery = {
		...outcome,
		alert,
		done,
		host: config.smtpHost,
		port: config.smtpPort,
		security: config.smtpSecurity,
		socket: { io: TCP },
		tls,
		dns: network.dns,
		hostname: config.hostname ?? `[${address}]`,
		user: config.smtpUser,
		password: config.smtpPassword,
		allowCleartextAuth: config.allowCleartextAuth,
		timeout: config.smtpTimeoutMs,
		// giving up here would send the mail twice
		timeouts: { final: config.smtpTimeoutMs * 10 },
		message: { from, to, body: compose(alert, config, network) },
	};
	new SMTPClient(delivery);
};

/** What the client is to do, and for whom. */
interface Delivery extends SMTPOptions {
	alert: Alert;
	done(error?: DeliveryError): void;
	/** Why the server did not take the mail. */
	refusal?: SMTPError;
}

/** The ends of a delivery. The client calls them with itself as `this`: closures would have their code in the heap. */
const outcome = Object.freeze({
	onSent(this: SMTPClient, { rejected }: SMTPResult): void {
		if (rejected.length) (this.options as Delivery).refusal = partial((this.options as Delivery).alert, rejected);
		this.quit();
	},
	onRefused(this: SMTPClient, error: SMTPError): void {
		(this.options as Delivery).refusal = error;
		this.quit();
	},
	onError(this: SMTPClient, error: SMTPError): void {
		(this.options as Delivery).done(error);
	},
	onClose(this: SMTPClient): void {
		const { done, refusal } = this.options as Delivery;
		done(refusal);
	},
});

/** Some have the mail. Those who may get it later are noted, so that it goes to nobody twice. */
const partial = (alert: Alert, rejected: readonly SMTPRefusal[]): SMTPError => {
	const later: string[] = [];
	for (const { address, code, text } of rejected) {
		trace(`alert ${alert.id}: ${address} refused: ${code} ${text}\n`);
		if (code < 500) later.push(address);
	}
	alert.recipients = later;
	return new SMTPError("refused", "RCPT", "not all recipients were accepted", later.length > 0, rejected[0]);
};

const compose = (alert: Alert, config: Config, network: Network): Message => {
	const { clock } = network;
	return report(alert, {
		from: config.from,
		to: config.to,
		language: config.language,
		device: config.device,
		board: boardName,
		time: timeOf(alert, clock),
		uptime: clock.uptime,
		freeMemory: freeMemory(),
		RSSI: network.RSSI,
	});
};

const traceNetwork = ({ state, problem, address, clock }: Network): void => {
	const more = problem ? ` (${problem})` : address ? ` ${address}` : "";
	trace(`network: ${state}${more}, clock ${clock.isSet ? "set" : "not set"}\n`);
};

const traceAlert = (state: AlertState, alert: Alert, detail: string | DeliveryError | undefined): void => {
	let line = `alert ${alert.id}: ${state}`;
	if (typeof detail === "string") line += ` for the ${detail}`;
	else if (detail) line += `: ${detail.message}${detail.temporary ? ", another attempt follows" : ""}`;
	trace(`${line}\n`);
};

/** What the configuration asks for and this app has not. */
const lack = ({ smtpSecurity }: Config): ConfigProblem | undefined =>
	tls || smtpSecurity === "none" ? undefined : { key: "smtpSecurity", problem: "must be none: this build has no TLS" };

/** The SDK calls it when all is there: what is above, preloaded, is in flash. */
export default (): void => {
	const { config, problems } = readConfig(settings);
	const problem = problems[0] ?? lack(config);
	if (problem) {
		trace(`configuration: ${problem.key} ${problem.problem} (./build.sh configure writes manifest_local.json)\n`);
		new Indicator(openLED({})).show("misconfigured");
	} else start(config);
};
