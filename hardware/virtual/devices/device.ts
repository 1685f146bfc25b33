import type { DeviceCall } from "../frames.js";

/** Tells a resource of the app's machine what happened: a letter, words, bytes. Resolves when it was dealt with. */
export type SendEvent = (
	resource: number,
	kind: string,
	words?: (string | number)[],
	data?: Uint8Array,
) => Promise<void>;

/** What stands behind some of the engine's natives. `what` of a call is "device.action"; here `action` alone. */
export interface Device {
	/** The engine commands; it does not wait. */
	command?(action: string, call: DeviceCall): void;
	/** The engine asks and waits. */
	ask?(action: string, call: DeviceCall): Promise<string | Uint8Array> | string | Uint8Array;
	/** Whether something from outside may still come, so that virtual time must not jump. */
	readonly busy?: boolean;
	/** How many of its resources the app has open, where it has some that come and go. */
	readonly open?: number;
	/** The run is over. */
	close?(): void;
}
