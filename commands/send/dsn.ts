/** What `--dsn` says, in words separated by commas. */
import { UsageError } from "../options.js";
import type { Notification } from "./job.js";

/**
 * Reads "success,failure,delay" or "never", with "full" or "headers", and "id=TEXT" (RFC 3461: NOTIFY, RET, ENVID).
 * @throws UsageError
 */
export function readNotification(text: string): Notification {
	const notification: Notification = { required: true };
	const events: ("success" | "failure" | "delay")[] = [];
	let never = false;
	for (const word of text.split(",")) {
		if (word === "full" || word === "headers") notification.return = word;
		else if (word === "success" || word === "failure" || word === "delay") events.push(word);
		else if (word === "never") never = true;
		else if (word.startsWith("id=")) notification.envelopeId = word.slice("id=".length);
		else throw new UsageError(`--dsn has no word "${word}": never, success, failure, delay, full, headers, id=TEXT.`);
	}
	if (never && events.length > 0) throw new UsageError(`--dsn: never does not go with ${events.join(", ")}.`);
	if (never) notification.notify = "never";
	else if (events.length > 0) notification.notify = events;
	return notification;
}
