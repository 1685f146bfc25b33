/** A mail with a file of every kind that a device keeps. */
import { Attachment } from "mail/attachment";
import { compose } from "mail/compose";
import { Message } from "mail/message";
import { PreferenceSource, type Preferences } from "mail/preference";
import { BytesSource } from "mail/sources";
import { type ECMA419File, type FlashPartition, fileSource, flashSource, type SDKFile } from "mail/storage";

/** What there is on the device; what is not there is left out. */
export interface Stores {
	resource: HostBuffer | ArrayBuffer;
	file: SDKFile;
	newFile?: ECMA419File;
	flash?: FlashPartition;
	preferences: Preferences;
}

/** What the preferences have, by key. */
export const readings: readonly (readonly [key: string, value: string | number])[] = Object.freeze(
	[
		["unit", "cm; 水位\r\n"],
		["least", -3],
		["most", 120],
	],
	true,
);

export const mail = ({ resource, file, newFile, flash, preferences }: Stores): Message => {
	const keys = readings.map(([key]) => key);
	const attachments = [
		new Attachment({ name: "resource.bin", source: new BytesSource(resource) }),
		new Attachment({ name: "file.bin", source: fileSource(file) }),
		new Attachment({
			name: "preferences.txt",
			source: new PreferenceSource(preferences, "readings", [...keys, "none"]),
		}),
	];
	if (newFile) attachments.push(new Attachment({ name: "new-file.bin", source: fileSource(newFile) }));
	if (flash) attachments.push(new Attachment({ name: "flash.bin", source: flashSource(flash, 1000, 5000) }));
	return new Message({
		from: "Cellar <cellar@example.org>",
		to: "ada@example.org",
		subject: "What the device keeps",
		messageId: "7.42.5ccf7f012345@example.org",
		content: compose({ text: "See the files.\n", attachments }),
	});
};

/** Reads a message to its end. @returns its octets */
export const render = (message: Message, take: (text: string) => void): number => {
	const buffer = new Uint8Array(256);
	let length = 0;
	for (let count: number; (count = message.read(buffer)); length += count)
		take(String.fromArrayBuffer(buffer.buffer.slice(0, count)));
	return length;
};
