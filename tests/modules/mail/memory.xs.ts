/** Composes what the configuration says and reads it to its end; what that takes is measured from outside. */
import { Attachment } from "mail/attachment";
import { compose } from "mail/compose";
import { Message } from "mail/message";
import config from "mc/config";
import Desk from "virtual/desk";

const { attachment, encoding } = config as unknown as { attachment: number; encoding: "base64" | "quoted-printable" };

const buffer = new Uint8Array(256);

/** Rows of text, or what may pass for a photo, that costs nothing itself. */
class Filler {
	readonly size: number;
	#left: number;

	constructor(size: number) {
		this.size = this.#left = size;
	}

	read(target: Uint8Array): number {
		const room = target.length;
		const count = this.#left < room ? this.#left : room;
		this.#left -= count;
		target.fill(97, 0, count);
		if (count) target[count - 1] = 10;
		return count;
	}

	reset(): void {
		this.#left = this.size;
	}
}

const message = (): Message =>
	new Message({
		from: "Cellar <cellar@example.org>",
		to: "ada@example.org",
		subject: "Water in the cellar",
		date: 1_772_366_400_000,
		messageId: "7.42.5ccf7f012345@example.org",
		...(attachment ? { content: contents() } : { text: "Water at 12 cm.\n\nDevice: cellar\nBoard: ESP8266\n" }),
	});

const contents = () =>
	compose({
		text: "See the file.\n",
		attachments: [new Attachment({ name: "file.bin", source: new Filler(attachment), encoding })],
	});

Desk.mark();
let length = 0;
if (attachment >= 0) {
	const source = message();
	for (let count: number; (count = source.read(buffer)); ) length += count;
}
Desk.report(`${length}`);
Desk.exit();
