/** The board without its LED, whose blinking is most of what happens in days of virtual time. */
import Button from "button";

export const name = "ESP8266";

export const now = (): number | undefined => undefined;

export interface PinOptions {
	pin?: number | undefined;
	invert?: boolean | undefined;
}

export const openButton = ({ onPush }: PinOptions & { onPush(pressed: number): void }): boolean =>
	new Button({ pin: 0, invert: true, onPush }).pressed;

export const openLED = (_options: PinOptions): undefined => undefined;

export const freeMemory = (): number | undefined => undefined;
