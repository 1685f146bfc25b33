/** A module of the board itself: what the SDK's own manifests bring on the device. */
export interface BoardModule {
	/** Its name, as programs import it. */
	name: string;
	/** Its file in engine/modules. */
	file: string;
}

/** The board's own modules; all are preloaded, as the SDK's manifests ask. */
export const boardModules: readonly BoardModule[] = [
	{ name: "timer", file: "timer.js" },
	{ name: "time", file: "time.js" },
	{ name: "embedded:io/socket/tcp", file: "tcp.js" },
	{ name: "virtual/desk", file: "desk.js" },
];

/** Whether a name is the board's own, or one that only the SDK's set-up of the device knows. */
export function isBoardModule(name: string): boolean {
	return boardModules.some((module) => module.name === name);
}
