/** What the emulated chip measures. */

/** As the program tells it; ticks are of 80 MHz, whatever the processor's clock. */
export interface ChipFigures {
	/** Since the last mark, with what passed while it waited. */
	cycles: number;
	instructions: number;
	/** Of the chip's time. */
	ticks: number;
	/** Since the last mark: how long it waited for interrupts. */
	idleTicks: number;
	mhz: number;
	/** Lines of the flash cache that were there, and that were not, since the last mark. */
	cacheHits: number;
	cacheMisses: number;
	/** What a miss costs in the model, in cycles; 0 where one cycle each is counted. */
	missCycles: number;
	/** The least that was free of the firmware's heap, in bytes; -1: it was not looked at. */
	leastHeap: number;
	/** The same now. */
	freeHeap: number;
	/** The most that was used of the ROM's stack, and of the application's, in bytes; and what there is. */
	systemStack: number;
	systemStackRoom: number;
	applicationStack: number;
	applicationStackRoom: number;
	/** The longest that the event loop did not come round, waiting left out, and when that ended. */
	longestTurnTicks: number;
	longestTurnAt: number;
	turns: number;
	interrupts: number;
	exceptions: number;
	watchdogBites: number;
	framesIn: number;
	framesOut: number;
	flashWrites: number;
	flashErases: number;
	/** Erases of the sector that has most. */
	mostWorn: number;
}

const TICKS_PER_MS = 80_000;

/** How long it worked, at a clock of 80 or 160 MHz: flash is as slow at both. */
export function busyMs(figures: ChipFigures, mhz: 80 | 160): number {
	const flash = figures.cacheMisses * figures.missCycles;
	return (busyCycles(figures) - flash) / (mhz * 1000) + flash / (figures.mhz * 1000);
}

/** Cycles in which it worked. */
export function busyCycles({ cycles, idleTicks, mhz }: ChipFigures): number {
	return cycles - idleTicks * (mhz / 80);
}

export function ticksToMs(ticks: number): number {
	return ticks / TICKS_PER_MS;
}
