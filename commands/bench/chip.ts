/** `./build.sh bench --chip`: what an alert costs the firmware itself, on the emulated ESP8266. */
import { type AlertCosts, measureAlert, type Work } from "../../tests/hardware/chip/measure.js";
import { buildFirmware, type Security } from "../chip/firmware.js";
import { EX_SOFTWARE } from "../options.js";
import { configOf } from "../settings.js";

const kinds: Record<Security, string> = { plain: "in the clear", rsa: "TLS, RSA-2048", p256: "TLS, P-256" };
const models = { model: "", none: ", one cycle each" } as const;

const rows: Record<string, (costs: AlertCosts) => string> = {
	"reset to ready": ({ ready }) => work(ready),
	"press to 250": ({ alert }) => work(alert),
	"of it handshake": ({ handshake }) => (handshake ? work(handshake) : "-"),
	"longest stretch, ms": ({ longestMs }) => longestMs.toFixed(0),
	"least free heap": ({ leastHeap }) => leastHeap.toLocaleString("en"),
	"highest stack": ({ stack }) => stack.toLocaleString("en"),
	"NONOS's stack": ({ systemStack }) => systemStack.toLocaleString("en"),
	"exceptions, bites": ({ exceptions, watchdogBites }) => `${exceptions}, ${watchdogBites}`,
	"flash writes, erases": ({ flashWrites, flashErases }) => `${flashWrites}, ${flashErases}`,
};

/** @returns the exit code */
export async function benchChip(asJSON: boolean): Promise<number> {
	const results: Record<string, AlertCosts> = {};
	for (const [security, name] of Object.entries(kinds) as [Security, string][]) {
		const values = configOf("manifest.json");
		const firmware = await buildFirmware({ security, debug: false, verbose: false, values });
		if (!firmware) return EX_SOFTWARE;
		for (const [costs, suffix] of Object.entries(models) as ["model" | "none", string][])
			results[name + suffix] = await measureAlert(firmware, costs);
	}
	process.stdout.write(asJSON ? `${JSON.stringify(results, undefined, "\t")}\n` : tableOf(results));
	return 0;
}

/** In Markdown, as README shows it. Work is in millions of cycles, and in milliseconds at 80 and at 160 MHz. */
function tableOf(results: Record<string, AlertCosts>): string {
	const names = Object.keys(results);
	const lines = [`| | ${names.join(" | ")} |`, `|---|${"---:|".repeat(names.length)}`];
	for (const [row, cell] of Object.entries(rows))
		lines.push(`| ${row} | ${names.map((name) => cell(results[name] as AlertCosts)).join(" | ")} |`);
	return `\nWork: millions of cycles; ms at 80 MHz / at 160 MHz.\n\n${lines.join("\n")}\n`;
}

function work({ cycles, msAt80, msAt160 }: Work): string {
	return `${(cycles / 1e6).toFixed(1)}; ${msAt80.toFixed(0)} / ${msAt160.toFixed(0)}`;
}
