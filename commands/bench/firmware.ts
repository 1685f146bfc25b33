/** What the firmware takes of the chip: with the Moddable SDK only. */
import { readManifest } from "../../hardware/virtual/manifest/manifest.js";
import { memoryUsage, noSDK } from "../../tests/sizes/firmware.js";
import { DATA_RAM_BYTES } from "../sdk/build.js";

/** All in bytes. */
export interface Firmware {
	flash: number;
	ram: number;
	/** What is left of the chip's RAM behind static data. */
	heap: number;
	/** What XS takes of that for an app's machine, and what is left for Wi-Fi and lwIP. */
	static?: number;
	rest?: number;
}

const apps = { "the app": "manifest.json", "the app with TLS": "manifest_tls.json" };
const clients = {
	"the client alone": "tests/sizes/smtp/manifest.json",
	"the client with TLS": "tests/sizes/tls/manifest.json",
};

/** Builds firmware, and adds it up; undefined, with a line that says so, where it cannot be built. */
export function measureFirmware(): Record<string, Firmware> | undefined {
	if (noSDK) {
		process.stderr.write(`Flash and RAM of the firmware: not measured, that ${noSDK}\n`);
		return undefined;
	}
	const firmware: Record<string, Firmware> = {};
	for (const [name, manifest] of Object.entries(clients)) firmware[name] = measure(manifest);
	for (const [name, manifest] of Object.entries(apps)) {
		const usage = measure(manifest);
		const { creation } = readManifest(manifest);
		firmware[name] = { ...usage, static: creation.static, rest: usage.heap - creation.static };
	}
	return firmware;
}

function measure(manifest: string): Firmware {
	const { flash, ram } = memoryUsage(manifest);
	return { flash, ram, heap: DATA_RAM_BYTES - ram };
}

export function firmwareTable(firmware: Record<string, Firmware>): string {
	const row = (name: string, cells: (string | number)[]) =>
		`${name.padEnd(38)}${cells.map((cell) => cell.toLocaleString("en").padStart(14)).join("")}\n`;
	const rows = Object.entries(firmware).map(([name, { flash, ram, heap, static: block, rest }]) =>
		row(name, [flash, ram, heap, block ?? "", rest ?? ""]),
	);
	return `\n${row("bytes on esp/nodemcu", ["Flash", "static RAM", "heap left", "of it for XS", "for lwIP"])}${rows.join("")}`;
}
