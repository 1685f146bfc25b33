/* led, as the SDK's modules/drivers/led */
import Digital from "pins/digital";

class LED extends Digital {
	#lit;

	constructor(options = {}) {
		super({pin: options.pin, mode: options.mode ?? Digital.Output});
		this.#lit = options.invert ? 0 : 1;
	}
	read() {
		const value = super.read();
		return this.#lit ? value : 1 - value;
	}
	write(value) {
		super.write(this.#lit ? value : 1 - value);
	}
	on() {
		super.write(this.#lit);
	}
	off() {
		super.write(1 - this.#lit);
	}
}

export default LED;
