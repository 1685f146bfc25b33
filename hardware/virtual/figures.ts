/**
 * What the app's machine uses: slots are counted, everything else is in bytes. The figures of an engine whose slots are
 * not of 16 bytes are not the device's.
 */
export interface Figures {
	/** Bytes of a slot: 16 as on the chip, or 32. */
	slotSize: number;
	/** Slots in use, counting what was not yet collected; the most there ever were; what the heap has room for. */
	slots: number;
	slotsPeak: number;
	slotsReserved: number;
	/** The most bytes of slots and chunks in use at one moment: at most the sum of the two peaks. */
	usedPeak: number;
	chunks: number;
	chunksPeak: number;
	chunksReserved: number;
	/** Slots of the stack, and the most that were in use. */
	stack: number;
	stackPeak: number;
	/** `creation.static`, what was taken from it, and the most that ever was. */
	static: number;
	staticUsed: number;
	staticPeak: number;
	/** Slots and chunks at the last `Desk.mark()`; -1 if there was none. */
	idleSlots: number;
	idleChunks: number;
	collections: number;
	/** Names made at run time; preloaded things that were or can be copied; module bodies run outside the root. */
	keys: number;
	aliases: number;
	modulesLoaded: number;
	/** What would be in flash: slots, chunks and byte code. */
	rootSlots: number;
	rootChunks: number;
	byteCode: number;
	/**
	 * What the processor has executed for the app, natives included, since its machine was made or since the last
	 * `Desk.mark()`; the same work gives the same number in every run. 0 on engines that are not emulated.
	 */
	instructions: number;
}

/** What an engine that profiles tells of a function: its module and name, and the instructions that are its own. */
export interface ProfileEntry {
	name: string;
	calls: number;
	instructions: number;
}

/** @param text "instructions calls name" */
export function readProfileEntry(text: string): ProfileEntry {
	const [instructions, calls, ...name] = text.split(" ");
	return { name: name.join(" "), calls: Number(calls), instructions: Number(instructions) };
}
