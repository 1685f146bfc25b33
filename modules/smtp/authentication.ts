import type { Credentials, Mechanism } from "./auth";
import { Extension } from "./capabilities";
import { isIntermediate, isPositive, messageOf, refusesCredentials, type SMTPError } from "./error";
import { bufferBytesOf, mechanismsOf } from "./options";
import type { Session } from "./session";

/** Challenges that a server may send in one exchange. */
const CHALLENGE_LIMIT = 5;
/** Octets of an AUTH command, its initial response and CRLF included (RFC 4954, 4). */
const COMMAND_LIMIT = 512;
/** Octets of a response to a challenge (RFC 4954, 4.1). */
const RESPONSE_LIMIT = 12_288;

/** The step while a token is being fetched. */
const FETCHING = -1;

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const NOTHING = "";
const SPACE = " ";
const AUTH = "AUTH";

/** Octets of a text in UTF-8. */
const octets = (text: string): number => ArrayBuffer.fromString(text).byteLength;

/**
 * Proves to the server who we are (RFC 4954): one SASL exchange, or several where it refuses a mechanism. When it refuses
 * the credentials that is the end, for no other mechanism would make them right, and accounts get locked.
 */
export class Authentication {
	private session: Session;
	private credentials: Credentials;
	/** Bit i: the mechanism that is i-th among those that may be used is still to be tried. */
	private untried: number;
	private mechanism: Mechanism | undefined;
	/** Responses sent. */
	private step = 0;
	/** The AUTH command has no response in it. */
	declare private isBare?: boolean;
	declare private isCancelled?: boolean;

	/** @param secure whether the connection has TLS */
	constructor(session: Session, secure: boolean) {
		const { user = NOTHING, password = NOTHING, token } = session.options;
		this.session = session;
		this.credentials = { user, password, token: typeof token === "string" ? token : NOTHING };
		this.untried = usable(session, secure);
		this.choose();
	}

	start(): void {
		const { connection, options } = this.session;
		const { token } = options;
		if (!this.mechanism) return this.noMechanism();
		if (typeof token !== "function") return this.begin();
		connection.deadline(AUTH, "command");
		this.step = FETCHING;
		try {
			token((value) => this.onToken(value));
		} catch (e) {
			connection.fail("authentication", `there is no token: ${messageOf(e)}`, true);
		}
	}

	onReply(): void {
		const { connection } = this.session;
		const { reply } = connection;
		const { code } = reply;
		if (this.step === FETCHING || connection.output.length > 0)
			return connection.fail("protocol", `the server answered ${code} to nothing`, true);
		if (isPositive(code)) return this.end();
		if (isIntermediate(code) && !this.isCancelled) {
			if (this.step > CHALLENGE_LIMIT)
				return this.session.refuse("authentication", "the server asks for ever more", false);
			connection.output.begin(AUTH);
			return this.respond(reply.octets);
		}
		this.onRefused(code);
	}

	/** The next mechanism, if there is one. */
	private choose(): void {
		const mechanisms = mechanismsOf(this.session.options);
		let i = 0;
		while (i < mechanisms.length && !(this.untried & (1 << i))) i++;
		this.untried &= ~(1 << i);
		this.mechanism = mechanisms[i];
	}

	/**
	 * A refusal of the credentials is the end, one for now too. Any other is of the command as it was, or of the mechanism
	 * (RFC 4954, 6): it goes once more without the initial response, then the next mechanism has its turn.
	 */
	private onRefused(code: number): void {
		const { session } = this;
		const { enhanced } = session.connection.reply.reply;
		if (refusesCredentials(code, enhanced))
			return session.refuse("authentication", "the server refused the credentials");
		if (code < 500 && code !== 432)
			return session.refuse("authentication", "the server cannot check the credentials now");
		if (code === 501 && this.step === 1 && !this.isBare && !this.isCancelled) return this.begin(true);
		const { name } = this.mechanism as Mechanism;
		this.choose();
		if (this.mechanism) return this.begin();
		// authenticated already, or told to do something else first (RFC 4954, 4): what follows will show
		if (code === 503) return this.end();
		session.refuse("authentication", `the server takes no login by ${name}`);
	}

	private end(): void {
		const { connection, options } = this.session;
		connection.output.resize(bufferBytesOf(options));
		this.session.onOpen();
	}

	private onToken(value: string | undefined): void {
		const { connection } = this.session;
		if (!connection.open || this.step !== FETCHING) return;
		if (!value) return connection.fail("authentication", "there is no token", true);
		this.credentials = { ...this.credentials, token: value };
		connection.tellAnew(this.credentials);
		this.begin();
	}

	/** The AUTH command. A response that makes it too long, as tokens are, waits for a challenge. */
	private begin(isBare = this.mechanism?.initialResponse === false): void {
		const { connection, options } = this.session;
		const { output } = connection;
		const { user, password, token } = this.credentials;
		// base64 has four octets for three
		const bytes = (96 + (4 * (octets(user) + octets(password || token))) / 3) | 0;
		const capacity = bufferBytesOf(options);
		output.resize(bytes <= capacity ? capacity : bytes < RESPONSE_LIMIT ? bytes : RESPONSE_LIMIT);
		this.step = 0;
		if (this.isCancelled) this.isCancelled = false;
		if (isBare || this.isBare) this.isBare = isBare;
		output.begin(AUTH);
		output.text(`AUTH ${this.mechanism?.name}${isBare ? NOTHING : SPACE}`);
		if (isBare) this.send();
		else this.respond(NOTHING);
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
			const isCommand = this.step === 0 && !this.isBare;
			if (isCommand && output.length + 2 > COMMAND_LIMIT) {
				output.rollback();
				return this.begin(true);
			}
			if (!answered) {
				output.length = start;
				output.text("*");
				this.isCancelled = true;
			} else if (output.length === start && isCommand) output.text("=");
			this.step++;
			this.send();
		} catch (e) {
			connection.failWith(e as SMTPError); // credentials that cannot be sent
		}
	}

	private send(): void {
		const { connection } = this.session;
		connection.output.end();
		connection.deadline(AUTH, "command");
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

/** Bits of the mechanisms that the server offers, that take what there is, and that the connection allows. */
const usable = ({ options, capabilities }: Session, secure: boolean): number => {
	const mechanisms = mechanismsOf(options);
	const isToken = options.token !== undefined;
	// A policy that takes what it gets must not get the password out of anyone.
	const cleartext = secure || (options.security === "none" && options.allowCleartextAuth);
	let bits = 0;
	for (let i = 0; i < mechanisms.length; i++) {
		const mechanism = mechanisms[i] as Mechanism;
		if ((cleartext || !mechanism.cleartext) && (mechanism.token ?? false) === isToken) bits |= 1 << i;
	}
	return bits & capabilities.mechanisms;
};
