import type { Source } from "./source";
import { FileSource, type PositionedFile, SlicesSource } from "./sources";

/** A partition of the flash: a `Flash` of the SDK. */
export interface FlashPartition {
	readonly byteLength: number;
	read(offset: number, byteLength: number): ArrayBuffer | HostBuffer;
}

/** A file of ECMA-419, as a `Directory` of the SDK's `embedded:storage/files` opens it. */
export interface ECMA419File extends PositionedFile {
	status(): { readonly size: number };
}

/** A `File` of the SDK's older `file` module, the one that there is for the ESP8266. */
export interface SDKFile {
	readonly length: number;
	position: number;
	read(type: ArrayBufferConstructor, bytes: number): ArrayBuffer;
}

/**
 * What is in the flash from one position to another, such as what of a log has been written; by default the whole partition.
 * @throws RangeError for what is not within it
 */
export const flashSource = (partition: FlashPartition, from = 0, to = partition.byteLength): Source => {
	if (!(from >= 0 && from <= to && to <= partition.byteLength)) throw new RangeError("not within the partition");
	return new SlicesSource(to - from, (position, count) => partition.read(from + position, count));
};

/** All of a file, of either kind. It must stay open until the message has been sent; to close it is up to who opened it. */
export const fileSource = (file: ECMA419File | SDKFile): Source => {
	if ("status" in file) return new FileSource(file.status().size, file);
	return new SlicesSource(file.length, (position, count) => {
		file.position = position;
		return file.read(ArrayBuffer, count);
	});
};
