import { EventEmitter } from "node:events";

/**
 * The way to the world that sockets share: up while Wi-Fi has an address. While it is down nothing arrives and nothing
 * leaves, but connections do not end: so it is on the chip until TCP gives up. Emits "change".
 */
export class Link extends EventEmitter<{ change: [] }> {
	#up = false;

	constructor() {
		super();
		this.setMaxListeners(0);
	}

	get up(): boolean {
		return this.#up;
	}

	set up(value: boolean) {
		if (value === this.#up) return;
		this.#up = value;
		this.emit("change");
	}
}
