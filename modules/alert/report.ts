import { formatInstant, pair } from "mail/date";
import { Message } from "mail/message";
import { type Language, type Texts, texts } from "./texts";
import type { Alert, DeadLetter } from "./types";

/** What an alert's mail says besides what happened. */
export interface ReportOptions {
	from: string;
	to: readonly string[];
	language: Language;
	/** Who sends. */
	device: string;
	board: string;
	/** When it happened, milliseconds since 1970; undefined where that is not known. */
	time: number | undefined;
	/** Seconds since the start. */
	uptime: number;
	/** Bytes; undefined where that is not known. */
	freeMemory: number | undefined;
	/** Signal strength in dBm; undefined where there is none. */
	RSSI: number | undefined;
	/** Alerts that were given up, and of which this mail tells. */
	deadLetters?: readonly DeadLetter[] | undefined;
}

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const AUTO_GENERATED = "auto-generated";

/**
 * The mail of an alert, ready to be read as a body source.
 * @throws MailError
 */
export const report = (alert: Alert, options: ReportOptions): Message => {
	const words = texts[options.language];
	const happened = happenedIn(alert, words);
	return new Message({
		from: options.from,
		to: options.to,
		subject: `${options.device}: ${happened}`,
		date: options.time,
		autoSubmitted: AUTO_GENERATED,
		messageId: alert.id + options.from.slice(options.from.lastIndexOf("@")),
		text: `${happened}\n\n${details(words, options)}`,
	});
};

/** "Water (×3)" */
const happenedIn = ({ event, count }: Pick<Alert, "event" | "count">, words: Texts): string =>
	count > 1 ? `${event ?? words.pressed} (×${count})` : (event ?? words.pressed);

const details = (words: Texts, options: ReportOptions): string => {
	const { time, freeMemory, RSSI, deadLetters } = options;
	let text = `${words.device}${options.device}\n`;
	text += `${words.time}${formatTime(time, words)}\n`;
	text += `${words.board}${options.board}\n`;
	text += `${words.uptime}${formatDuration(options.uptime)}\n`;
	if (freeMemory !== undefined) text += `${words.memory}${freeMemory}${words.bytes}\n`;
	if (RSSI !== undefined) text += `${words.signal}${RSSI} dBm\n`;
	if (deadLetters?.length) text += "\n";
	for (const letter of deadLetters ?? none)
		text += `${words.undelivered}${happenedIn(letter, words)}, ${formatTime(letter.time, words)}: ${letter.reason}\n`;
	return text;
};

const none: readonly DeadLetter[] = Object.freeze([]);

const formatTime = (time: number | undefined, words: Texts): string =>
	time === undefined ? words.noTime : `${formatInstant(time)} UTC`;

/** "3 d 07:05:09" */
export const formatDuration = (seconds: number): string => {
	const minutes = Math.floor(seconds / 60);
	const hours = Math.floor(minutes / 60);
	return `${Math.floor(hours / 24)} d ${pair(hours % 24)}:${pair(minutes % 60)}:${pair(seconds % 60)}`;
};
