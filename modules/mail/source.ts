/** Where bytes come from: a file, a sensor's readings. */
export interface Source {
	/** Writes the next bytes at the start of `buffer` and returns how many; 0 at the end, and then again. */
	read(buffer: Uint8Array): number;
	/** Starts again: the same bytes can be read once more. */
	reset(): void;
	/** How many bytes there are in all, where that is known beforehand. */
	readonly size?: number | undefined;
}
