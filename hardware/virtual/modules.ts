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
	{ name: "embedded:io/socket/tcp/tls", file: "tls.js" },
	{ name: "tls/heap", file: "tls-heap.js" },
	{ name: "embedded:io/socket/udp", file: "udp.js" },
	{ name: "embedded:network/interface/wifi", file: "wifi.js" },
	{ name: "net", file: "net.js" },
	{ name: "preference", file: "preference.js" },
	{ name: "pins/digital", file: "digital.js" },
	{ name: "pins/digital/monitor", file: "monitor.js" },
	{ name: "button", file: "button.js" },
	{ name: "led", file: "led.js" },
	{ name: "Resource", file: "resource.js" },
	{ name: "setup/target", file: "setup-target.js" },
	{ name: "instrumentation", file: "instrumentation.js" },
	{ name: "system", file: "system.js" },
	{ name: "virtual/desk", file: "desk.js" },
];

/** Manifests of the project, from its folder, that are not read: what they bring is made for the SDK's engine, and above. */
export const offeredManifests: readonly string[] = ["hardware/tls/manifest.json"];

/** Whether a name is the board's own. */
export function isBoardModule(name: string): boolean {
	return boardModules.some((module) => module.name === name);
}

/** Whether a name that `preload` may list is not the manifests' to bring: the board's own, or a pattern of the SDK's. */
export function isSDKName(name: string): boolean {
	return isBoardModule(name) || name === "setup/network";
}
