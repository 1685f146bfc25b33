/** What the SDK's typings lack of its drivers and of what a board's set-up leaves in the global object. */

interface ButtonOptions {
	pin?: number;
	/** True where a pressed button reads 0. */
	invert?: boolean;
	/** Told at each edge, not debounced. */
	onPush?(pressed: number): void;
}

interface LEDOptions {
	pin?: number;
	/** True where the LED is lit by 0. */
	invert?: boolean;
}

declare module "button" {
	class Button {
		constructor(options: ButtonOptions);
		readonly pressed: boolean;
		close(): void;
	}
	export default Button;
}

declare module "led" {
	class LED {
		constructor(options?: LEDOptions);
		/** 1 for light, whatever the pin needs. */
		write(value: number): void;
		close(): void;
	}
	export default LED;
}

/** Boards without a button or LED of their own have no `Host`, or one without it. */
declare var Host:
	| {
			readonly Button?: {
				readonly Default: new (options: ButtonOptions) => { readonly pressed: boolean; close?(): void };
			};
			readonly LED?: { readonly Default: new (options?: LEDOptions) => { write(value: number): void; close?(): void } };
	  }
	| undefined;
