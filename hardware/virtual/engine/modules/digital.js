/* pins/digital, as the SDK's modules/pins/digital */
class Digital @ "xs_digital_destructor" {
	static read(pin) @ "xs_digital_static_read";
	static write(pin, value) @ "xs_digital_static_write";

	constructor(dictionary) @ "xs_digital";
	close() @ "xs_digital_close";
	mode(mode) @ "xs_digital_mode";
	read() @ "xs_digital_read";
	write(value) @ "xs_digital_write";
}
Digital.Input = 0;
Digital.InputPullUp = 1;
Digital.InputPullDown = 2;
Digital.InputPullUpDown = 3;
Digital.WakeOnRise = 64;
Digital.WakeOnFall = 128;
Digital.Output = 8;
Digital.OutputOpenDrain = 9;
Object.freeze(Digital.prototype);

export default Digital;
