import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";
import { SMTPClient } from "smtp/client";
import type { Scenario } from "./main";

/** Every name is this machine. */
class Resolver {
	resolve({ host, onResolved }: { host: string; onResolved(host: string, address: string): void }): void {
		onResolved(host, "127.0.0.1");
	}
}

const TEXT = "Subject: a test\r\n\r\nSent through TLS.\r\n";

const message = () => {
	let position = 0;
	return {
		read(buffer: Uint8Array): number {
			const count = Math.min(buffer.length, TEXT.length - position);
			for (let i = 0; i < count; i++) buffer[i] = TEXT.charCodeAt(position++);
			return count;
		},
	};
};

/** Sends a mail as the app would, with user and password. */
export const sendMail = (scenario: Scenario, tls: object, tell: (event: string, details?: object) => void): void => {
	const { host, port, security } = scenario;
	const client = new SMTPClient({
		host,
		port,
		security,
		socket: { io: TCP },
		dns: { io: Resolver },
		tls: { ...tls, io: TLSSocket },
		hostname: "[127.0.0.1]",
		user: "alert",
		password: "correct horse",
		timeout: 600_000,
		message: { from: "alert@example.org", to: "person@example.org", body: message() },
		onSent: ({ accepted }) => {
			tell("sent", { accepted });
			client.quit();
		},
		onRefused: ({ message: text }) => tell("refused", { message: text }),
		onError: ({ kind, phase, message: text, temporary }) => tell("error", { kind, phase, message: text, temporary }),
		onClose: () => tell("closed"),
	});
};
