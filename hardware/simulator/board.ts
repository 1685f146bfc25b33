/** Pins have no meaning here: the simulator has one button and its LEDs, `-p lin` has none. */
export interface PinOptions {
	pin?: number | undefined;
	invert?: boolean | undefined;
}

export const name = "Moddable simulator";

/** The desk's clock is right. */
export const now = (): number | undefined => {
	return Date.now();
};

/** @returns whether it is pressed already */
export const openButton = (options: PinOptions & { onPush(pressed: number): void }): boolean => {
	const own = globalThis.Host?.Button?.Default;
	if (own) new own({ onPush: options.onPush });
	else trace("This platform has no button: build for sim/nodemcu to press one.\n");
	return false;
};

export const openLED = (_options: PinOptions): { write(value: number): void } | undefined => {
	const own = globalThis.Host?.LED?.Default;
	return own && new own();
};

/** A desk's memory says nothing about the board's. */
export const freeMemory = (): number | undefined => {
	return undefined;
};
