import type { Credentials, Mechanism } from "./auth";
import { Extension } from "./capabilities";
import { SMTPError } from "./error";
import type { Session } from "./session";

/** Challenges that a server may send in one exchange. */
const CHALLENGE_LIMIT = 5;

/** One SASL exchange (RFC 4954): picks a mechanism, answers challenges, and stops at a refusal rather than try the password elsewhere. */
export class Authentication {
	#session: Session;
	#credentials: Credentials;
	#mechanism: Mechanism | undefined;
	#step = 0;
	#cancelled = false;

	/** @param secure whether the connection has TLS */
	constructor(session: Session, secure: boolean) {
		const { options, capabilities } = session;
		const mechanisms = options.mechanisms as readonly Mechanism[];
		this.#session = session;
		this.#credentials = options as Credentials;
		const cleartext = secure || (options.security === "none" && options.allowCleartextAuth);
		for (let i = 0; i < mechanisms.length && !this.#mechanism; i++) {
			const mechanism = mechanisms[i] as Mechanism;
			if (capabilities.mechanisms & (1 << i) && (cleartext || !mechanism.cleartext)) this.#mechanism = mechanism;
		}
	}

	start(): void {
		const { connection, capabilities, options } = this.#session;
		if (!this.#mechanism) {
			connection.phase = "AUTH";
			const names = (options.mechanisms as readonly Mechanism[]).map(({ name }) => name).join(", ");
			const offer = capabilities.has(Extension.AUTH) ? `none of ${names}` : "no authentication";
			return connection.fail("authentication", `the server offers ${offer}`, false);
		}
		const { output } = connection;
		output.begin("AUTH");
		output.text(`AUTH ${this.#mechanism.name} `);
		this.#respond("");
	}

	onReply(): void {
		const { connection } = this.#session;
		const { code, text } = connection.reply;
		// 503: already authenticated (RFC 4954, 4)
		if (code === 235 || code === 503) return this.#session.onOpen();
		if (code === 334 && !this.#cancelled) {
			if (this.#step > CHALLENGE_LIMIT) return this.#fail("the server asks for ever more", false);
			connection.output.begin("AUTH");
			return this.#respond(text);
		}
		this.#fail("the server refused user or password", code >= 400 && code < 500);
	}

	/** Writes the response to a challenge, or "*" where there is none (RFC 4954, 4). */
	#respond(challenge: string): void {
		const { connection } = this.#session;
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
		connection.deadline("AUTH", this.#session.timeout("command"));
		connection.flush();
	}

	#fail(message: string, temporary: boolean): void {
		const { connection } = this.#session;
		connection.failWith(new SMTPError("authentication", "AUTH", message, temporary, connection.reply.reply));
	}
}
