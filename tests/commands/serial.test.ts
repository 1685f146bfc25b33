import assert from "node:assert/strict";
import { test } from "node:test";
import { choosePort, serialPorts } from "../../commands/serial.js";
import { folder } from "./command.js";

test("USB adapters are found, other devices are not", (t) => {
	const dev = folder(t, { ttyUSB0: "", ttyACM1: "", tty1: "", "cu.usbserial-110": "", null: "" });
	assert.deepEqual(
		serialPorts(dev),
		["cu.usbserial-110", "ttyACM1", "ttyUSB0"].map((name) => `${dev}/${name}`),
	);
});

test("the only port is taken without asking", (t) => {
	const dev = folder(t, { ttyUSB0: "" });
	assert.equal(choosePort(undefined, dev), `${dev}/ttyUSB0`);
});

test("no port, several ports, a port that is not there: each says what to do", (t) => {
	assert.throws(() => choosePort(undefined, folder(t)), /Plug in the board/);
	assert.throws(() => choosePort(undefined, folder(t, { ttyUSB0: "", ttyUSB1: "" })), /Choose one with --port/);
	assert.throws(() => choosePort("/dev/ttyUSB99"), /no serial port \/dev\/ttyUSB99/);
});

test("a port that is another's is told before anything is built for it", (t) => {
	const dev = folder(t, { ttyUSB0: "" });
	for (const asked of [undefined, `${dev}/ttyUSB0`])
		assert.throws(
			() => choosePort(asked, dev, () => false),
			/ttyUSB0 is not yours to write: sudo usermod -aG dialout \$USER/,
		);
});
