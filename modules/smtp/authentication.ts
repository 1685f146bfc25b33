import type { Credentials, Mechanism } from "./auth";
import { Extension } from "./capabilities";
import { SMTPError } from "./error";
import type { Session } from "./session";
import type { SMTPOptions } from "./types";

/** Challenges that a server may send in one exchange. */
const CHALLENGE_LIMIT = 5;

/** What the exchange tells its session. */
interface AuthenticationOwner extends Session {
	onAuthenticated(): void;
}

/** One SASL exchange (RFC 4954): picks a mechanism, answers challenges, and stops at a refusal rather than try the password elsewhere. */
export class Authentication {
	#owner: AuthenticationOwner;
	#credentials: Credentials;
	#mechanism: Mechanism | undefined;
	#step = 0;
	#cancelled = false;

	/** @param secure whether the connection has TLS */
	constructor(owner: AuthenticationOwner, options: SMTPOptions, secure: boolean) {
		this.#owner = owner;
		this.#credentials = options as Credentials;
		const { mechanisms, capabilities } = owner;
		for (let i = 0; i < mechanisms.length && !this.#mechanism; i++) {
			const mechanism = mechanisms[i] as Mechanism;
			if (capabilities.mechanisms & (1 << i) && (secure || !mechanism.cleartext || options.allowCleartextAuth))
				this.#mechanism = mechanism;
		}
	}

	start(): void {
		const { connection, capabilities, mechanisms } = this.#owner;
		if (!this.#mechanism) {
			connection.phase = "AUTH";
			const names = mechanisms.map(({ name }) => name).join(", ");
			const offer = capabilities.has(Extension.AUTH) ? `none of ${names}` : "no authentication";
			return connection.fail("authentication", `the server offers ${offer}`, false);
		}
		const { output } = connection;
		output.begin("AUTH");
		output.text(`AUTH ${this.#mechanism.name} `);
		this.#respond("");
	}

	onReply(): void {
		const { connection } = this.#owner;
		const { code, text } = connection.reply;
		// 503: already authenticated (RFC 4954, 4)
		if (code === 235 || code === 503) return this.#owner.onAuthenticated();
		if (code === 334 && !this.#cancelled) {
			if (this.#step > CHALLENGE_LIMIT) return this.#fail("the server asks for ever more", false);
			connection.output.begin("AUTH");
			return this.#respond(text);
		}
		this.#fail("the server refused user or password", code >= 400 && code < 500);
	}

	/** Writes the response to a challenge, or "*" where there is none (RFC 4954, 4). */
	#respond(challenge: string): void {
		const { connection } = this.#owner;
		const { output } = connection;
		output.secret();
		const start = output.length;
		output.base64Begin();
		const answered = this.#mechanism?.respond(output, this.#credentials, this.#step, challenge);
		output.base64End();
		if (!answered) {
			output.length = start;
			output.text("*");
			this.#cancelled = true;
		} else if (output.length === start && this.#step === 0) output.text("=");
		this.#step++;
		output.end();
		connection.deadline("AUTH", this.#owner.timeout("command"));
		connection.flush();
	}

	#fail(message: string, temporary: boolean): void {
		const { connection } = this.#owner;
		connection.failWith(new SMTPError("authentication", "AUTH", message, temporary, connection.reply.reply));
	}
}
