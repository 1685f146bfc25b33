/**
 * What the scenarios of `./build.sh bench` run: one message in one session. Instructions and peaks are counted from
 * `Desk.mark`, when all there is of the mail is its description, to the end of the session. This is preloaded, success costs
 * nothing, and the heap grows in small steps: peaks are then what is in use, not what waits to be collected.
 */
import TCP from "embedded:io/socket/tcp";
import { Attachment } from "mail/attachment";
import { compose } from "mail/compose";
import { Message } from "mail/message";
import { FileSource } from "mail/sources";
import config from "mc/config";
import Net from "net";
import { Resolver } from "network/resolver";
import { type MessageSource, SMTPClient, type SMTPError, type SMTPOptions } from "smtp/client";
import Desk from "virtual/desk";
import type { Task } from "./task";

const task = config as unknown as Task;

export function run(): void {
	Desk.mark();
	const options: SMTPOptions = task.dictionary === "flash" ? Object.create(inFlash) : dictionary();
	const { from, to } = task;
	options.message = { from, to, body: message(task) };
	new SMTPClient(options);
}

function dictionary(): SMTPOptions {
	return {
		host: task.host,
		port: task.port,
		security: "none",
		socket: { io: TCP },
		dns: { io: Resolver, net: Net },
		hostname: "[192.0.2.2]",
		user: task.user || undefined,
		password: task.password || undefined,
		allowCleartextAuth: true,
		pipelining: task.pipelining,
		chunking: task.chunking,
		onSent,
		onRefused: onError,
		onError,
		onClose,
	};
}

/** The same, made when the firmware is. */
const inFlash: SMTPOptions = Object.freeze({
	...dictionary(),
	socket: Object.freeze({ io: TCP }),
	dns: Object.freeze({ io: Resolver, net: Net }),
});

function message(task: Task): MessageSource {
	if (task.body === "text") return Desk;
	if (task.body === "canonical") return new Canonical();
	const { from, to, date, eightBit } = task;
	const subject = "cellar: the water rises";
	const messageId = "7.42.5ccf7f012345@example.org";
	if (task.body === "alert") return new Message({ from, to, subject, date, messageId, text: task.text, eightBit });
	return new Message({ from, to, subject, date, messageId, content: content(task) });
}

function content({ body, text, html, size, eightBit }: Task) {
	if (body === "page") return compose({ text, html });
	if (body === "file") return compose({ text: new FileSource(size, new File()), eightBit });
	return compose({ attachments: [new Attachment({ source: new Input(), name: "log.bin" })] });
}

/** The board's file. */
class File {
	read(buffer: Uint8Array, position: number): number {
		return Desk.read(buffer, 0, position);
	}
}

/** The board's input. */
class Input {
	read(buffer: Uint8Array): number {
		return Desk.read(buffer);
	}
	reset(): void {}
}

class Canonical extends Input {
	get canonical(): boolean {
		return true;
	}
}

function onSent(this: SMTPClient): void {
	if ((config as unknown as Task).mark === "sent") Desk.mark();
	this.quit();
}

function onError(error: SMTPError): void {
	Desk.report(String(error));
	Desk.exit(1);
}

function onClose(): void {
	Desk.exit(0);
}
