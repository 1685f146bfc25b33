import type { Credentials, Mechanism } from "./auth";
import { Extension } from "./capabilities";
import { messageOf, type SMTPError } from "./error";
import { mechanismsOf } from "./options";
import type { Session } from "./session";

/** Challenges that a server may send in one exchange. */
const CHALLENGE_LIMIT = 5;
/** Octets of an AUTH command at most (RFC 4954, 4.1). */
const COMMAND_LIMIT = 12_288;

/** The step while a token is being fetched. */
const FETCHING = -1;

/** Octets of a text in UTF-8. */
const octets = (text: string): number => ArrayBuffer.fromString(text).byteLength;

/** One SASL exchange (RFC 4954): picks a mechanism, answers challenges, and stops at a refusal rather than try the password elsewhere. */
export class Authentication {
	private session: Session;
	private credentials: Credentials;
	private mechanism: Mechanism | undefined;
	private step = 0;
	private cancelled = false;
	/** Of the output, before it made room for a token. */
	private capacity = 0;

	/** @param secure whether the connection has TLS */
	constructor(session: Session, secure: boolean) {
		const { options, capabilities } = session;
		const { user = "", password = "", token, security } = options;
		const mechanisms = mechanismsOf(options);
		this.session = session;
		this.credentials = { user, password, token: typeof token === "string" ? token : "" };
		// A policy that takes what it gets must not get the password out of anyone.
		const cleartext = secure || (security === "none" && options.allowCleartextAuth);
		for (let i = 0; i < mechanisms.length && !this.mechanism; i++) {
			const mechanism = mechanisms[i] as Mechanism;
			if (!(capabilities.mechanisms & (1 << i)) || (mechanism.cleartext && !cleartext)) continue;
			if ((mechanism.token ?? false) === (token !== undefined)) this.mechanism = mechanism;
		}
	}

	start(): void {
		const { connection, options } = this.session;
		const { token } = options;
		if (!this.mechanism) return this.noMechanism();
		if (typeof token !== "function") return this.begin(this.mechanism);
		connection.deadline("AUTH", "command");
		this.step = FETCHING;
		try {
			token((value) => this.onToken(value));
		} catch (e) {
			connection.fail("authentication", `there is no token: ${messageOf(e)}`, true);
		}
	}

	onReply(): void {
		const { connection } = this.session;
		const { code } = connection.reply;
		if (this.step === FETCHING) return connection.fail("protocol", `the server answered ${code} to nothing`, true);
		// 503: already authenticated (RFC 4954, 4)
		if (code === 235 || code === 503) {
			connection.output.resize(this.capacity);
			return this.session.onOpen();
		}
		if (code === 334 && !this.cancelled) {
			if (this.step > CHALLENGE_LIMIT) return this.session.refuse("authentication", "the server asks for ever more");
			connection.output.begin("AUTH");
			return this.respond(connection.reply.text);
		}
		this.session.refuse("authentication", "the server refused the credentials");
	}

	private onToken(value: string | undefined): void {
		const { connection } = this.session;
		if (!connection.open || this.step !== FETCHING) return;
		if (!value) return connection.fail("authentication", "there is no token", true);
		this.credentials = { ...this.credentials, token: value };
		this.step = 0;
		this.begin(this.mechanism as Mechanism);
	}

	private begin(mechanism: Mechanism): void {
		const { output } = this.session.connection;
		const { user, password, token } = this.credentials;
		// base64 has four octets for three, RFC 4954, 4.1 has room for so many
		const bytes = (96 + (4 * (octets(user) + octets(password || token))) / 3) | 0;
		this.capacity = output.capacity;
		if (bytes > output.capacity) output.resize(bytes < COMMAND_LIMIT ? bytes : COMMAND_LIMIT);
		output.begin("AUTH");
		const isSilent = mechanism.initialResponse === false;
		output.text(`AUTH ${mechanism.name}${isSilent ? "" : " "}`);
		if (isSilent) this.send();
		else this.respond("");
	}

	/** Answers a challenge, or cancels where there is no answer (RFC 4954, 4). */
	private respond(challenge: string): void {
		const { connection } = this.session;
		const { output } = connection;
		const start = output.length;
		try {
			output.base64Begin();
			const answered = this.mechanism?.respond(output, this.credentials, this.step, challenge);
			output.base64End();
			if (!answered) {
				output.length = start;
				output.text("*");
				this.cancelled = true;
			} else if (output.length === start && this.step === 0) output.text("=");
			this.step++;
			this.send();
		} catch (e) {
			connection.failWith(e as SMTPError); // credentials that cannot be sent
		}
	}

	private send(): void {
		const { connection } = this.session;
		connection.output.end();
		connection.deadline("AUTH", "command");
		connection.flush();
	}

	private noMechanism(): void {
		const { connection, capabilities, options } = this.session;
		const mechanisms = mechanismsOf(options);
		connection.phase = "AUTH";
		if (!capabilities.has(Extension.AUTH))
			connection.fail("authentication", "the server offers no authentication", false);
		else if (capabilities.mechanisms)
			connection.fail(
				"authentication",
				"the server offers no mechanism that fits the credentials and the connection",
				false,
			);
		else {
			let names = "";
			for (let i = 0; i < mechanisms.length; i++) names += `${i ? ", " : ""}${mechanisms[i]?.name}`;
			connection.fail("authentication", `the server offers none of ${names}`, false);
		}
	}
}
