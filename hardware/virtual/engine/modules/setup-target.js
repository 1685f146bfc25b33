/* setup/target of esp/nodemcu: what the board has, in the global object */
import Button from "button";
import LED from "led";

class A {
	constructor(options) {
		return new LED({...options, pin: 16, invert: true});
	}
}

class B {
	constructor(options) {
		return new LED({...options, pin: 2, invert: true});
	}
}

globalThis.Host = {
	LED: {
		Default: A,
		A,
		B,
	},
	Button: {
		Default: class {
			constructor(options) {
				return new Button({...options, pin: 0, invert: true});
			}
		},
	},
};
Object.freeze(Host, true);
