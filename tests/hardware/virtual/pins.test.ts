/** Button and LED, as the NodeMCU's set-up leaves them in the global object. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LEDState } from "../../../hardware/virtual/board.js";
import { start } from "./program.js";

test("the button tells both edges, the LEDs are lit by 0", async (context) => {
	const { board, traced } = await start(
		context,
		`const led = new Host.LED.Default, other = new Host.LED.B;
		const button = new Host.Button.Default({onPush(pressed) {
			led.write(pressed);
			if (!pressed) other.on();
			trace(pressed + " " + this.pressed + " " + led.read() + "\\n");
		}});
		trace(typeof button.read() + " " + button.pressed + "\\n");`,
	);
	const leds: LEDState[] = [];
	board.on("led", (state) => leds.push(state));
	await board.press();
	await board.press();
	await board.release();
	assert.deepEqual(traced, ["number false", "1 true 1", "0 false 0"]);
	assert.deepEqual(leds, [
		{ pin: 16, variant: 0, value: 1 },
		{ pin: 16, variant: 0, value: 0 },
		{ pin: 2, variant: 1, value: 1 },
	]);
});

test("a pin is read, written and watched", async (context) => {
	const { board, traced } = await start(
		context,
		`import Digital from "pins/digital"; import Monitor from "pins/digital/monitor";
		const monitor = new Monitor({pin: 4, mode: Digital.Input, edge: Monitor.Rising});
		monitor.onChanged = function() { trace("rises " + this.rises + " level " + this.read() + "\\n"); if (this.rises === 2) this.close(); };
		const pin = new Digital(5, Digital.Output);
		pin.write(0); trace(pin.read() + " " + Digital.read(4) + "\\n"); pin.close();
		const attempt = (callback) => { try { callback(); } catch (e) { trace(e.message + "\\n"); } };
		attempt(() => new Digital({pin: 40, mode: Digital.Input}));
		attempt(() => new Monitor({pin: 4}));
		attempt(() => monitor.falls);`,
	);
	for (const level of [0, 1, 0, 1, 0, 1] as const) await board.setPin(4, level);
	assert.deepEqual(traced, [
		...["0 1", "can't init pin", "edge missing", "not configured"],
		...["rises 1 level 1", "rises 2 level 1"],
	]);
});
