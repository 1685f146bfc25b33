/** A mail provider on this machine: Postfix takes mail, Dovecot knows the accounts, a sink keeps what is delivered. */
import { join } from "node:path";
import { after } from "node:test";
import { Authority } from "./certificates.js";
import { type Call, type Session, send } from "./client.js";
import { account, type Dovecot, startDovecot } from "./dovecot.js";
import { deleteFolder, makeFolder } from "./folder.js";
import { missingPackages } from "./packages.js";
import { type Postfix, startPostfix } from "./postfix.js";
import { startOrFail } from "./process.js";
import { Sink } from "./sink.js";

export class Provider {
	/** Why the tests must be skipped, or false. */
	skip = missingPackages("openssl", "postfix", "dovecot-core");
	readonly #folder = this.skip ? "" : makeFolder();
	readonly #stops: (() => Promise<void>)[] = [];
	authority!: Authority;
	sink!: Sink;
	dovecot!: Dovecot;
	postfix!: Postfix;

	/**
	 * Starts before the tests of the file that asks for it, and stops after them. Where it cannot be started, that is one
	 * test that fails, and the others are skipped.
	 */
	static async start(): Promise<Provider> {
		const provider = new Provider();
		after(() => provider.#stop());
		if (!provider.skip) provider.skip = await startOrFail("a mail provider", () => provider.#start());
		return provider;
	}

	/** A session with the account, by STARTTLS if nothing else is said. */
	send(call: Call = {}): Promise<Session> {
		const port = call.security === "implicit" ? this.postfix.securePort : this.postfix.port;
		const { user, password } = account;
		const credentials = call.token === undefined ? { user, password } : { user };
		return send({ port, security: "required", ca: this.authority.pem, ...credentials, ...call });
	}

	async #start(): Promise<void> {
		const folder = this.#folder;
		this.authority = new Authority(join(folder, "ca"));
		this.sink = await Sink.start();
		this.#stops.push(() => this.sink.close());
		this.dovecot = await startDovecot(folder);
		this.#stops.push(this.dovecot.stop);
		const identity = this.authority.issue("localhost");
		const [authPort, sinkPort] = [this.dovecot.authPort, this.sink.port];
		this.postfix = await startPostfix({ folder, identity, authPort, sinkPort });
		this.#stops.push(this.postfix.stop);
	}

	async #stop(): Promise<void> {
		for (const stop of this.#stops.reverse()) await stop();
		if (this.#folder) deleteFolder(this.#folder);
	}
}
