import Button from "button";
import Instrumentation from "instrumentation";
import LED from "led";

/** A pin by number, or the board's own where there is none. */
export interface PinOptions {
	pin?: number | undefined;
	/** For a pin by number: true where a pressed button reads 0, where an LED is lit by 0. */
	invert?: boolean | undefined;
}

/** NodeMCU's, D1 mini's and ESP-01's alike: the button on GPIO0 that also selects the boot mode, the LED on GPIO2. */
const BUTTON_PIN = 0;
const LED_PIN = 2;

/** The name by which the alerts call this kind of board. */
export const name = "ESP8266";

/** The chip knows no time until it is told. */
export const now = (): number | undefined => {
	return undefined;
};

/** Watches a button; `onPush` hears every edge, bounces included. @returns whether it is pressed already */
export const openButton = (options: PinOptions & { onPush(pressed: number): void }): boolean => {
	const { pin, invert = true, onPush } = options;
	const own = globalThis.Host?.Button?.Default;
	const button =
		pin === undefined && own ? new own({ onPush }) : new Button({ pin: pin ?? BUTTON_PIN, invert, onPush });
	return button.pressed;
};

/** @returns an LED that `write(1)` lights */
export const openLED = (options: PinOptions): { write(value: number): void } => {
	const { pin, invert = true } = options;
	const own = globalThis.Host?.LED?.Default;
	if (pin === undefined && own) return new own();
	return new LED({ pin: pin ?? LED_PIN, invert });
};

/** Free bytes of the system's heap, from which the network lives; XS has its own. Undefined where it cannot be told. */
export const freeMemory = (): number | undefined => {
	const index = Instrumentation.map("System Free Memory");
	return index === undefined ? undefined : Instrumentation.get(index);
};
