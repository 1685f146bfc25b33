/** Sends messages by smtplib's send_message to a server on the desk, and hands back what they should be. */
import TCP from "embedded:io/socket/tcp";
import { EmailMessage } from "mail/email-message";
import { ResentMessage } from "mail/resent-message";
import config from "mc/config";
import { SMTP } from "smtp/smtplib";
import Desk from "virtual/desk";

const { port, user, password } = config as unknown as { port: number; user: string; password: string };

class Literal {
	resolve({ host, onResolved }: { host: string; onResolved(host: string, address: string): void }): void {
		onResolved(host, host);
	}
}

const alert = new EmailMessage({
	from: ["Ada <ada@example.org>", "bob@example.org"],
	sender: "ada@example.org",
	to: { group: "Team", members: ["Bob <bob@example.org>", { name: "Gardener, C.", address: "carol@example.org" }] },
	bcc: "ada@example.org",
	subject: "alert",
	text: "Größe: 12 cm\n",
});

const messages = [
	alert,
	new ResentMessage(
		{ from: "Bob <bob@example.org>", to: "ada@example.org", bcc: "carol@example.org", date: 1_772_370_000_000 },
		alert,
	),
	new EmailMessage({ from: "ada@example.org", to: "Jőhn <jőhn@example.org>", subject: "utf8", text: "12 cm\n" }),
];

const send = async (): Promise<void> => {
	const options = {
		local_hostname: "[127.0.0.1]",
		socket: { io: TCP },
		dns: { io: Literal },
		allowCleartextAuth: true,
	};
	const smtp = await SMTP.open("127.0.0.1", port, options);
	await smtp.use(async () => {
		await smtp.login(user, password);
		for (const message of messages) {
			const refused = await smtp.send_message(message);
			Desk.report(JSON.stringify([...refused]));
		}
	});
};

send().then(
	() => Desk.exit(0),
	(error) => {
		trace(`${error}\n`);
		Desk.exit(1);
	},
);
