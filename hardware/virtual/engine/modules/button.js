/* button, as the SDK's modules/drivers/button: both edges of a pin, not debounced */
import Digital from "pins/digital";
import Monitor from "pins/digital/monitor";

class Button {
	#input;
	#pressed;

	constructor(options = {}) {
		const {pin, target, onPush} = options;
		const mode = options.mode ?? Digital.InputPullUp;
		if (target)
			this.target = target;
		this.#pressed = options.invert ? 0 : 1;
		if (!onPush) {
			this.#input = new Digital({pin, mode});
			return;
		}
		const input = this.#input = new Monitor({pin, mode, edge: Monitor.Rising | Monitor.Falling});
		input.onPush = onPush;
		input.onChanged = () => {
			this.#input.onPush.call(this, this.read());
		};
	}
	close() {
		this.#input?.close();
		this.#input = undefined;
	}
	read() {
		return (this.#input.read() === this.#pressed) ? 1 : 0;
	}
	get pressed() {
		return !!this.read();
	}
}

export default Button;
