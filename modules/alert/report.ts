import { formatInstant, pair } from "mail/date";
import { Message } from "mail/message";
import { type Language, type Texts, texts } from "./texts";
import type { Alert } from "./types";

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
}

/**
 * The mail of an alert, ready to be read as a body source.
 * @throws MailError
 */
export const report = (alert: Alert, options: ReportOptions): Message => {
	const words = texts[options.language];
	const happened =
		alert.count > 1 ? `${alert.event ?? words.pressed} (×${alert.count})` : (alert.event ?? words.pressed);
	return new Message({
		from: options.from,
		to: options.to,
		subject: `${options.device}: ${happened}`,
		date: options.time,
		messageId: alert.id + options.from.slice(options.from.lastIndexOf("@")),
		text: `${happened}\n\n${details(words, options)}`,
	});
};

const details = (words: Texts, options: ReportOptions): string => {
	const { time, freeMemory, RSSI } = options;
	let text = `${words.device}${options.device}\n`;
	text += `${words.time}${time === undefined ? words.noTime : `${formatInstant(time)} UTC`}\n`;
	text += `${words.board}${options.board}\n`;
	text += `${words.uptime}${formatDuration(options.uptime)}\n`;
	if (freeMemory !== undefined) text += `${words.memory}${freeMemory}${words.bytes}\n`;
	if (RSSI !== undefined) text += `${words.signal}${RSSI} dBm\n`;
	return text;
};

/** "3 d 07:05:09" */
export const formatDuration = (seconds: number): string => {
	const minutes = Math.floor(seconds / 60);
	const hours = Math.floor(minutes / 60);
	return `${Math.floor(hours / 24)} d ${pair(hours % 24)}:${pair(minutes % 60)}:${pair(seconds % 60)}`;
};
