/**
 * What `./build.sh send` runs on the virtual board where the message has files, a page, or a text of its own length: the
 * composer reads them from the desk, piece by piece.
 */
import { Attachment } from "mail/attachment";
import { compose } from "mail/compose";
import { Message } from "mail/message";
import { FileSource } from "mail/sources";
import { send } from "send/session";
import Desk from "virtual/desk";
import type { File, FilePart, Job, Mail } from "./job";

/** Sends the job's message, reports what comes of it and ends the run. */
export function run(): void {
	send(message);
}

function message({ mail, contents }: Job): Message {
	const { text, html, inline, attachments } = contents!;
	// what the configuration says stays there, where it takes no memory
	const description = Object.create(mail) as Mail & { content: ReturnType<typeof compose> };
	description.content = compose({
		text: text ? source(text) : mail.text,
		html: html && source(html),
		inline: inline.map(part),
		attachments: attachments.map(part),
	});
	return new Message(description);
}

function part(file: FilePart): Attachment {
	const { name, type, charset, contentId } = file;
	return new Attachment({ source: source(file), name, type, charset, contentId });
}

function source({ file, size }: File): FileSource {
	return new FileSource(size, new DeskFile(file));
}

/** One of the board's files. */
class DeskFile {
	#index: number;

	constructor(index: number) {
		this.#index = index;
	}

	read(buffer: Uint8Array, position: number): number {
		return Desk.read(buffer, this.#index, position);
	}
}
