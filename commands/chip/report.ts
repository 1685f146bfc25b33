/** What the emulated chip has measured, for people. */
import { busyCycles, busyMs, type ChipFigures, ticksToMs } from "../../hardware/chip/figures.js";

/** Some lines: time at both clocks, memory, stacks, the event loop, flash. */
export function describeFigures(figures: ChipFigures): string {
	const { leastHeap, systemStack, systemStackRoom, applicationStack, applicationStackRoom } = figures;
	const rows: [string, string][] = [
		[
			"worked",
			`${millions(busyCycles(figures))} M cycles: ${ms(busyMs(figures, 80))} at 80 MHz, ${ms(busyMs(figures, 160))} at 160 MHz`,
		],
		[
			"of these",
			`${millions(figures.instructions)} M instructions, ${millions(figures.cacheMisses * figures.missCycles)} M cycles for flash`,
		],
		["least free heap", leastHeap < 0 ? "not looked at" : bytes(leastHeap)],
		[
			"highest stack",
			`${bytes(applicationStack)} of ${bytes(applicationStackRoom)}; NONOS ${bytes(systemStack)} of ${bytes(systemStackRoom)}`,
		],
		["longest without the event loop", ms(ticksToMs(figures.longestTurnTicks))],
		["flash", `${figures.flashWrites} writes, ${figures.flashErases} erases`],
		["exceptions, watchdog", `${figures.exceptions}, ${figures.watchdogBites}`],
	];
	return rows.map(([name, text]) => `${name.padEnd(32)}${text}`).join("\n");
}

function millions(count: number): string {
	return (count / 1e6).toFixed(1);
}

function ms(value: number): string {
	return value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(2)} s`;
}

function bytes(count: number): string {
	return `${count.toLocaleString("en")} bytes`;
}
