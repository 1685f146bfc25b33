/**
 * The examples of modules/smtp/README.md: what stands in a region stands there, word for word (readme.test.ts), and is run
 * here (examples.xs.ts).
 */
import { EmailMessage } from "mail/email-message";
import { LOGIN, PLAIN } from "smtp/auth";
import { type MessageSource, SMTPClient, type SMTPMessage, type SMTPOptions } from "smtp/client";
import { CRAM_MD5 } from "smtp/crammd5";
import { SMTPError } from "smtp/error";
import { LMTPClient } from "smtp/lmtp";
import { OAUTHBEARER, XOAUTH2 } from "smtp/oauth";
import { send } from "smtp/send";
import { SMTP, SMTPRecipientsRefused } from "smtp/smtplib";

/** What the README calls `network`. */
export type Network = Pick<SMTPOptions, "socket" | "dns" | "tls" | "hostname">;

type Log = (line: string) => void;

// #region text
const text = (message: string): MessageSource => {
	const bytes = new Uint8Array(ArrayBuffer.fromString(message));
	let at = 0;
	return {
		size: bytes.length,
		read(buffer) {
			const count = Math.min(buffer.length, bytes.length - at);
			for (let i = 0; i < count; i++) buffer[i] = bytes[at++] as number;
			return count;
		},
	};
};
// #endregion

export async function one(network: Network, log: Log): Promise<void> {
	// #region send
	const { accepted, rejected } = await send({
		...network,
		host: "mail.example.net",
		user: "cellar@example.net",
		password: "an app password",
		from: "Cellar <cellar@example.net>",
		to: ["ada@example.net", "bob@example.net"],
		body: text("Subject: Water\n\nThe cellar is wet.\n"),
	});
	for (const { address, code, text } of rejected) log(`${address} was refused: ${code} ${text}`);
	log(`sent to ${accepted.join(", ")}`);
	// #endregion
}

export function several(network: Network, log: Log): void {
	const messages: SMTPMessage[] = ["one", "two"].map((body) => ({
		from: "cellar@example.net",
		to: "ada@example.net",
		body: text(body),
	}));
	// #region client
	const client = new SMTPClient({
		...network,
		host: "mail.example.net",
		onReady() {
			const message = messages.shift();
			if (message) client.send(message);
			else client.quit();
		},
		onSent({ accepted }) {
			log(`sent to ${accepted.join(", ")}`);
		},
		onRefused(error) {
			log(error.message);
		},
		onError(error) {
			log(`failed: ${error.message}`);
		},
		onClose() {
			log("done");
		},
	});
	// #endregion
}

export function frozen(network: Network, log: Log): void {
	// #region flash
	const settings: SMTPOptions = Object.freeze({
		...network,
		host: "mail.example.net",
		user: "cellar@example.net",
		password: "an app password",
		onSent() {
			this.quit();
		},
		onRefused(error) {
			log(error.message);
			this.quit();
		},
		onError(error) {
			log(error.message);
		},
	} satisfies SMTPOptions);

	const options: SMTPOptions = Object.create(settings);
	options.message = {
		from: "cellar@example.net",
		to: "ada@example.net",
		body: text("Subject: Water\n\nThe cellar is wet.\n"),
	};
	new SMTPClient(options);
	// #endregion
}

export async function failing(options: SMTPOptions & SMTPMessage, log: Log): Promise<void> {
	const later = (seconds: number) => log(`again in ${seconds} s`);
	// #region errors
	try {
		await send(options);
	} catch (error) {
		if (!(error instanceof SMTPError)) throw error;
		if (error.temporary) later(300);
		else log(`${error.kind} ${error.phase} ${error.code} ${error.enhanced}: ${error.message}`);
	}
	// #endregion
}

export function authenticating(network: Network, fetchToken: (done: (token?: string) => void) => void): SMTPClient {
	// #region auth
	const client = new SMTPClient({
		...network,
		host: "mail.example.net",
		user: "cellar@example.net",
		token: (done) => fetchToken(done),
		mechanisms: [OAUTHBEARER, XOAUTH2, CRAM_MD5, PLAIN, LOGIN],
		onReady() {
			client.quit();
		},
	});
	// #endregion
	return client;
}

export function notifying(client: SMTPClient): void {
	// #region dsn
	client.send({
		from: "cellar@example.net",
		to: [
			"ada@example.net",
			{ address: "bob@example.net", notify: ["failure", "delay"], originalRecipient: "robert@example.net" },
		],
		body: text("Subject: Water\n\nThe cellar is wet.\n"),
		dsn: { return: "headers", envelopeId: "alert 42", notify: "never" },
	});
	// #endregion
}

export function asking(client: SMTPClient, log: Log): void {
	// #region command
	client.command("VRFY ada", ({ code, text }) => {
		log(code === 250 ? `known as ${text}` : `unknown: ${code} ${text}`);
		client.quit();
	});
	// #endregion
}

export function storing(network: Network, log: Log): void {
	// #region lmtp
	const store = new LMTPClient({
		...network,
		host: "/run/dovecot/lmtp",
		security: "none",
		message: {
			from: "cellar@example.net",
			to: ["ada", "bob"],
			body: text("Subject: Water\n\nThe cellar is wet.\n"),
		},
		onSent({ rejected }) {
			for (const { address, code } of rejected) log(`not for ${address}: ${code}`);
			store.quit();
		},
	});
	// #endregion
}

export async function porting({ hostname, ...network }: Network, log: Log): Promise<void> {
	// #region smtplib
	const options = { ...network, local_hostname: hostname, timeout: 30 };
	const smtp = await SMTP.open("mail.example.net", 587, options);
	await smtp.use(async () => {
		await smtp.starttls();
		await smtp.login("cellar@example.net", "an app password");
		try {
			const refused = await smtp.sendmail(
				"cellar@example.net",
				["ada@example.net", "bob@example.net"],
				"Subject: Water\n\nThe cellar is wet.\n",
			);
			for (const [address, [code, message]] of refused) log(`${address} was refused: ${code} ${message}`);
		} catch (error) {
			if (error instanceof SMTPRecipientsRefused) log("nobody got it");
			else throw error;
		}
	});
	// #endregion
}

export async function composing({ hostname, ...network }: Network, log: Log): Promise<void> {
	const options = { ...network, local_hostname: hostname };
	// #region send_message
	const message = new EmailMessage({
		from: "Cellar <cellar@example.net>",
		to: ["Ada <ada@example.net>"],
		bcc: "bob@example.net",
		subject: "Water",
		text: "The cellar is wet.\n",
	});
	const smtp = await SMTP.open("mail.example.net", 587, options);
	await smtp.use(async () => {
		await smtp.starttls();
		const refused = await smtp.send_message(message);
		for (const [address, [code, message]] of refused) log(`${address} was refused: ${code} ${message}`);
	});
	// #endregion
}
