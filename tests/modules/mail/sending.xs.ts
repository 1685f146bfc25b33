/** Sends a message with a file of the length that the configuration says, through the client, to a server on the desk. */
import TCP from "embedded:io/socket/tcp";
import { Attachment } from "mail/attachment";
import { compose } from "mail/compose";
import { Message } from "mail/message";
import config from "mc/config";
import { SMTPClient } from "smtp/client";
import Desk from "virtual/desk";
import { byteAt } from "./descriptions";

const { port, length } = config as unknown as { port: number; length: number };

/** Bytes that are made as they are read. */
class Photo {
	readonly size = length;
	#at = 0;

	read(buffer: Uint8Array): number {
		const room = buffer.length;
		const left = length - this.#at;
		const count = left < room ? left : room;
		for (let i = 0; i < count; i++) buffer[i] = byteAt(this.#at + i);
		this.#at += count;
		return count;
	}

	reset(): void {
		this.#at = 0;
	}
}

const send = (): void => {
	const message = new Message({
		from: "Cellar <cellar@example.org>",
		to: "ada@example.org",
		subject: "A photo",
		messageId: "7.42.5ccf7f012345@example.org",
		content: compose({
			text: "See the file.\n",
			attachments: [new Attachment({ name: "photo.jpg", type: "image/jpeg", source: new Photo() })],
		}),
	});
	const client = new SMTPClient({
		host: "127.0.0.1",
		port,
		security: "none",
		hostname: "[192.0.2.1]",
		socket: { io: TCP },
		dns: {
			io: class {
				resolve({ host, onResolved }: { host: string; onResolved(host: string, address: string): void }) {
					onResolved(host, host);
				}
				close() {}
			},
		},
		message: { from: "cellar@example.org", to: ["ada@example.org"], body: message },
		onSent: () => client.quit(),
		onError: (error) => {
			trace(`${error.message}\n`);
			Desk.exit(1);
		},
		onClose: () => Desk.exit(0),
	});
};

Desk.mark();
send();
