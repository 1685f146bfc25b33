/** Composes what the desk describes, hands it back, and sends it, one message after the other in one session. */
import TCP from "embedded:io/socket/tcp";
import { envelope } from "mail/envelope";
import config from "mc/config";
import { SMTPClient, type SMTPMessage, type SMTPOptions } from "smtp/client";
import Desk from "virtual/desk";
import { lines, messageOf, report } from "../modules/mail/described";
import type { Description } from "../modules/mail/descriptions";

const { session } = config as unknown as { session: Partial<SMTPOptions> };

/** A message of the desk's, and to whom it goes if not to those whom it names. */
interface Job {
	description: Description;
	to?: string[];
}

class Literal {
	resolve({ host, onResolved }: { host: string; onResolved(host: string, address: string): void }): void {
		onResolved(host, host);
	}
}

const jobs = lines();

const next = (): SMTPMessage | undefined => {
	const { value, done } = jobs.next();
	if (done) return undefined;
	const { description, to }: Job = JSON.parse(value);
	const body = messageOf(description);
	report(body, description.buffer);
	body.reset();
	return {
		from: "ada@example.org",
		to: to ?? envelope(description).to,
		body,
		eightBit: body.eightBit,
		utf8: description.utf8 ?? false,
	};
};

const fail = (message: string): void => {
	trace(`${message}\n`);
	Desk.exit(1);
};

new SMTPClient({
	host: "127.0.0.1",
	security: "none",
	allowCleartextAuth: true,
	hostname: "[127.0.0.1]",
	socket: { io: TCP },
	dns: { io: Literal },
	...session,
	onReady() {
		const message = next();
		if (message) this.send(message);
		else this.quit();
	},
	onSent({ rejected }) {
		if (rejected.length) fail(`${rejected[0]?.address}: ${rejected[0]?.text}`);
	},
	onRefused: (error) => fail(error.message),
	onError: (error) => fail(error.message),
	onClose: () => Desk.exit(0),
});
