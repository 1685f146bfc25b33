/** Pins of the ESP8266 that do more than one expects, when it starts or as long as it runs. */
import type { Config } from "../config.js";

interface Pin {
	button?: string;
	ledTo3V3?: string;
	ledToGround?: string;
}

const mustBeHigh = "has to be high when the chip starts";
const bootMessages = "the chip writes its first messages to it at each start";
const output = `is the serial port's output (TX), and ${bootMessages}`;
const input = "is the serial port's input (RX), which the board's USB chip holds high";

/** By GPIO number; those that are not here are free. */
const pins: Record<number, Pin> = {
	0: { ledToGround: `${mustBeHigh}, and an LED to GND can hold it low: then it waits for new firmware` },
	1: {
		button: `${output}, against a button that is pressed; monitor shows nothing any more`,
		ledTo3V3: `${output}, so the LED flickers; monitor shows nothing any more`,
		ledToGround: `${output}, so the LED flickers; monitor shows nothing any more`,
	},
	2: {
		button: `${mustBeHigh}: while the button is held down the board does not start; ${bootMessages}, too`,
		ledToGround: `${mustBeHigh}, and an LED to GND can hold it low: then the board does not start`,
	},
	3: {
		button: `${input}, against a button that is pressed; flashing may fail`,
		ledTo3V3: `${input}; flashing may fail`,
		ledToGround: `${input}; flashing may fail`,
	},
	15: {
		button:
			"has to be low when the chip starts, so boards pull it down: a button to GND counts as pressed all the time, and while one to 3V3 is held down the board does not start",
		ledTo3V3: "has to be low when the chip starts, and an LED to 3V3 can hold it high: then the board does not start",
	},
};

/** What there is to know about the pins of a configuration, a sentence for each: "buttonPin: GPIO15 has to be low ..." */
export function pinWarnings({ buttonPin, ledPin, ledInvert }: Config): string[] {
	const button = pins[buttonPin ?? -1]?.button;
	const led = pins[ledPin ?? -1]?.[ledInvert ? "ledTo3V3" : "ledToGround"];
	return [
		...(button ? [`buttonPin: GPIO${buttonPin} ${button}.`] : []),
		...(led ? [`ledPin: GPIO${ledPin} ${led}.`] : []),
	];
}
