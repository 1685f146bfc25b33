import TCP from "embedded:io/socket/tcp";
import Net from "net";
import { SMTPClient } from "smtp/client";
import { tls } from "tls/provider";

/** The least that sends a mail by TLS, for its size: as beside it in smtp/, and TLS. */
class Resolver {
	resolve({ host, onResolved, onError }: Look): void {
		(Net as unknown as Names).resolve(host, (_, address) => (address ? onResolved(host, address) : onError(host)));
	}
}

interface Look {
	host: string;
	onResolved(host: string, address: string): void;
	onError(host: string): void;
}

interface Names {
	resolve(host: string, callback: (host: string, address?: string) => void): void;
}

export default function () {
	let text: ArrayBuffer | undefined = ArrayBuffer.fromString("Subject: Hello\r\n\r\nHello\r\n");
	const client = new SMTPClient({
		host: "mail.example.net",
		security: "required",
		hostname: "[192.0.2.7]",
		socket: { io: TCP },
		tls,
		dns: { io: Resolver },
		message: {
			from: "me@example.net",
			to: "you@example.net",
			body: {
				canonical: true,
				read(buffer) {
					if (!text) return 0;
					const { byteLength } = text;
					buffer.set(new Uint8Array(text));
					text = undefined;
					return byteLength;
				},
			},
		},
		onSent() {
			client.quit();
		},
		onError(error) {
			trace(`${error.message}\n`);
		},
	});
}
