/** Serial ports: where a board may be. */
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { UnavailableError } from "./options.js";

const patterns: readonly RegExp[] = [
	/^ttyUSB\d+$/, // Linux: CH340, CP2102, FTDI
	/^ttyACM\d+$/, // Linux: boards with their own USB
	/^cu\.(usbserial|wchusbserial|SLAB_USBtoUART|usbmodem)/, // macOS
];

/** Ports of USB-to-serial adapters that are plugged in. */
export function serialPorts(folder = "/dev"): string[] {
	const names = existsSync(folder) ? readdirSync(folder) : [];
	const ports = names.filter((name) => patterns.some((pattern) => pattern.test(name)));
	return ports.sort().map((name) => `${folder}/${name}`);
}

/**
 * The port that was asked for, or the only one there is.
 * @throws Error that tells a person what to plug in or to type
 */
export function choosePort(asked: string | undefined, folder?: string, mayUse = isWritable): string {
	if (asked !== undefined) {
		if (!existsSync(asked)) throw new UnavailableError(`There is no serial port ${asked}.`);
		return usable(asked, mayUse);
	}
	const ports = serialPorts(folder);
	const [only] = ports;
	if (only === undefined)
		throw new UnavailableError(
			"No serial port was found. Plug in the board, with a cable that carries data, or give --port.",
		);
	if (ports.length > 1) throw new Error(`There are several serial ports: ${ports.join(", ")}. Choose one with --port.`);
	return usable(only, mayUse);
}

/** @throws UnavailableError where it is another's */
function usable(port: string, mayUse: (port: string) => boolean): string {
	if (!mayUse(port)) throw new UnavailableError(`${closedPort(port)}.`);
	return port;
}

/** What to do about a port that only others may use. */
export function closedPort(port: string): string {
	return `${port} is not yours to write: sudo usermod -aG dialout $USER, then log in again`;
}

export function isWritable(path: string): boolean {
	try {
		accessSync(path, constants.R_OK | constants.W_OK);
		return true;
	} catch {
		return false;
	}
}
