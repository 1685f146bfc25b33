/** What the tests of hardware/tls share: the app, certificates, and what is expected of an honest server. */
import assert from "node:assert/strict";
import { App, type Event, type Scenario } from "./app.js";
import { Certificates, chainOf, derOf, type Identity } from "./authority.js";
import type { PeerServer } from "./peer.js";
import { type MailServer, mailServer } from "./servers.js";

/** What the server's certificate is for. */
export const names = "DNS:mail.example.org,DNS:*.wild.example.org,IP:127.0.0.1";

export class Bench {
	app!: App;
	certificates!: Certificates;
	root!: Identity;
	intermediate!: Identity;
	server!: Identity;

	/** Builds the app and makes the certificates. */
	open(): void {
		this.app = new App();
		this.certificates = new Certificates();
		this.root = this.certificates.authority("Test Root");
		this.intermediate = this.certificates.authority("Test Intermediate", { issuer: this.root });
		this.server = this.certificates.server(names, this.intermediate);
	}

	close(): void {
		this.certificates?.close();
	}

	/** A mail server with that certificate and its chain. */
	honest(identity: Identity, options: object = {}): Promise<MailServer> {
		return mailServer({ key: identity.key, cert: chainOf(identity), ...options });
	}

	/** Runs the app against a mail server, and gives the app's last word and the server's log. */
	async mail(at: Promise<MailServer>, scenario: Partial<Scenario> = {}): Promise<{ end: Event; log: string[] }> {
		const { port, log, close } = await at;
		try {
			const events = await this.app.run({ port, trust: [derOf(this.root)], ...scenario });
			return { end: events.at(-1) as Event, log };
		} finally {
			await close();
		}
	}

	/** @returns what the server says of TLS */
	async delivered(at: Promise<MailServer>, scenario: Partial<Scenario> = {}): Promise<string> {
		const { end, log } = await this.mail(at, scenario);
		assert.deepEqual(end, { event: "closed" });
		assert.deepEqual(log.slice(1), ["AUTH alert", "MAIL alert@example.org", "DATA"]);
		return log[0];
	}

	/** The app refuses the server for `reason`, and the server hears nothing of AUTH and MAIL. */
	async refused(at: Promise<MailServer>, reason: string, scenario: Partial<Scenario> = {}): Promise<void> {
		const { end, log } = await this.mail(at, scenario);
		const message = `no TLS connection to ${scenario.host ?? "mail.example.org"}: ${reason}`;
		assert.deepEqual(
			{ kind: end.kind, phase: end.phase, message: end.message },
			{ kind: "security", phase: "TLS", message },
		);
		assert.deepEqual(
			log.filter((line) => /AUTH|MAIL|DATA/.test(line)),
			[],
		);
	}

	/** The app trusts a server of our own, which sends it a byte. */
	async trusted(at: PeerServer): Promise<void> {
		const { event, message } = await this.meet(at, { what: "stream", bytes: 1 });
		assert.equal(event, "done", String(message));
	}

	/** The app refuses a server of our own for `reason`, tells it so, and says nothing else. */
	async refusedBy(at: PeerServer, reason: RegExp, scenario: Partial<Scenario> = {}): Promise<void> {
		const { event, message } = await this.meet(at, scenario);
		assert.equal(event, "error");
		assert.match(String(message), reason);
		assert.deepEqual([at.alerts.map(({ level }) => level), at.said], [[2], ""]);
	}

	private async meet(at: PeerServer, scenario: Partial<Scenario>): Promise<Event> {
		try {
			const events = await this.app.run({ port: at.port, trust: [derOf(this.root)], ...scenario });
			await at.idle();
			return events.at(-1) as Event;
		} finally {
			await at.close();
		}
	}
}
