import { Authentication } from "./authentication";
import { Extension } from "./capabilities";
import { sendCommand } from "./command";
import { isPositive, type SMTPError, type SMTPPhase } from "./error";
import type { LineScanner } from "./reply";
import type { Dialogue, Session } from "./session";

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const UNWANTED = "the server does not want to talk to us";

const enum Step {
	Greeting,
	Hello,
	StartTLS,
	Handshake,
	Authenticating,
}

/** A session's beginning: greeting, EHLO, STARTTLS and EHLO again, AUTH, as the options want it. */
export class Opening implements Dialogue, LineScanner {
	private session: Session;
	private step = Step.Greeting;
	private verb: SMTPPhase = "EHLO";
	private secure: boolean;
	declare private authentication?: Authentication;
	/** Why EHLO was refused, until HELO has been answered. */
	declare error?: SMTPError | undefined;

	constructor(session: Session) {
		this.session = session;
		this.secure = session.options.security === "implicit";
	}

	onConnected(): void {
		if (this.step === Step.Handshake) {
			this.secure = true;
			this.hello();
		} else this.session.connection.deadline("greeting", "greeting");
	}

	onReply(unread: number): void {
		switch (this.step) {
			case Step.Greeting:
				if (isPositive(this.session.connection.reply.code)) return this.hello();
				return this.session.refuse("refused", `${this.session.options.host} does not take mail from here`);
			case Step.Hello:
				return this.onHello();
			case Step.StartTLS:
				return this.onStartTLS(unread);
			case Step.Authenticating:
				return this.authentication?.onReply();
			default:
				return this.session.connection.fail("protocol", "the server speaks SMTP where TLS should be", true);
		}
	}

	/** Introduces the client, and asks what the server offers. */
	private hello(verb: SMTPPhase = this.session.lmtp ? "LHLO" : "EHLO"): void {
		const { connection, capabilities, options } = this.session;
		capabilities.clear();
		if (verb !== "HELO") connection.reply.scanner = this;
		this.step = Step.Hello;
		this.verb = verb;
		sendCommand(this.session, verb, `${verb} ${options.hostname}`);
	}

	/** Takes a line of the reply to EHLO; the first has the server's name. */
	scan(text: string, line: number): void {
		const { capabilities, options } = this.session;
		if (line > 0) capabilities.scan(text, options);
	}

	private onHello(): void {
		const { connection, capabilities, options } = this.session;
		const { reply } = connection;
		delete reply.scanner; // a slot less for the rest of the session
		if (this.error) delete this.error;
		if (!isPositive(reply.code)) {
			// A server of before 1995 does not know EHLO; without it there is neither TLS nor AUTH.
			if (this.verb === "EHLO" && reply.code >= 500 && !this.needsExtensions()) {
				this.error = connection.told.refusal(reply, "refused", "EHLO", UNWANTED);
				return this.hello("HELO");
			}
			return this.session.refuse("refused", UNWANTED);
		}
		const policy = options.security ?? "required";
		const offered = capabilities.has(Extension.STARTTLS);
		if (!this.secure && (policy === "required" || (policy === "opportunistic" && offered))) {
			if (offered) return this.startTLS();
			connection.phase = "STARTTLS";
			return connection.fail("security", `${options.host} does not offer STARTTLS, and TLS is required`, false);
		}
		this.authenticate();
	}

	private startTLS(): void {
		this.step = Step.StartTLS;
		sendCommand(this.session, "STARTTLS", "STARTTLS");
	}

	private onStartTLS(unread: number): void {
		const { connection, options } = this.session;
		if (!isPositive(connection.reply.code)) {
			if (options.security === "opportunistic") return this.authenticate();
			return this.session.refuse("security", "the server refused STARTTLS, and TLS is required");
		}
		// Someone on the way could have put words into the server's mouth: nothing may be said before TLS (CVE-2011-0411).
		if (unread > 0)
			return connection.fail("security", "the server spoke between STARTTLS and TLS: someone may have meddled", false);
		this.step = Step.Handshake;
		connection.secure();
	}

	private authenticate(): void {
		const { options } = this.session;
		if (options.user === undefined) return this.session.onOpen();
		this.step = Step.Authenticating;
		this.authentication = new Authentication(this.session, this.secure);
		this.authentication.start();
	}

	/** Whether the session cannot do with what HELO gives. */
	private needsExtensions(): boolean {
		const { user, security } = this.session.options;
		return user !== undefined || (!this.secure && (security ?? "required") === "required");
	}
}
