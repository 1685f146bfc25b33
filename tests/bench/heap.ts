/** The heap that a mail takes, beside that of smtplib's port to MicroPython for the same chip. */
import type { EngineTarget } from "../../hardware/virtual/board.js";
import { boardFor, type Creation, costsOf, inUse, small } from "./measure.js";
import { type Scenario, scenarios } from "./scenarios.js";

/** In bytes, of a 32-bit machine with slots or blocks of 16. */
export interface Heap {
	name: string;
	/** In use before a mail is there. */
	idle: number;
	/** The most above that while a message of 1 KB is sent. */
	above: number;
	/** The smallest in which a session with a message of so many octets succeeds. */
	smallest1KB: number;
	smallest20KB: number;
}

/**
 * smtplib of micropython-lib as ported for the ESP8266 (github.com/alex-robbins/micropython-lib, branch smtplib): unmodified,
 * frozen, without its hmac and hashlib, the message given as bytes, measured on 32-bit MicroPython 1.9.1 with blocks of 16
 * bytes. Noise: 3,000 bytes. The chip's whole heap is 36 KiB there.
 */
export const port: Heap = {
	name: "smtplib on MicroPython",
	idle: 3_280,
	above: 14_000,
	smallest1KB: 21_399,
	smallest20KB: 90_821,
};

/** Limits and steps in which the smallest heap is looked for. */
const TOO_LITTLE = 4096;
const ENOUGH = 32_768;
const STEP = 128;

/** Ours, with the stack, and with PIPELINING and CHUNKING; no AUTH, as in the port's measurements. */
export async function measureHeap(engine: EngineTarget): Promise<Heap> {
	const mail = named("alert of 1 KB");
	const { board, sent } = await boardFor(mail, engine, inUse);
	await sent;
	const figures = await board.figures();
	return {
		name: "ours",
		idle: figures.idleSlots * figures.slotSize + figures.idleChunks,
		above: costsOf(figures).memory ?? Number.NaN,
		smallest1KB: await smallest(mail, engine),
		smallest20KB: await smallest(named("20 KB with dots and line ends to mend"), engine),
	};
}

function named(name: string): Scenario {
	const scenario = scenarios.find((scenario) => scenario.name === name);
	if (!scenario) throw new Error(`no scenario "${name}"`);
	return scenario;
}

/** The smallest `creation.static` with which a scenario's mail is sent. */
async function smallest(scenario: Scenario, engine: EngineTarget): Promise<number> {
	let [low, high] = [TOO_LITTLE, ENOUGH];
	while (high - low > STEP) {
		const middle = (low + high) / 2;
		if (await isSent(scenario, engine, { ...small, static: middle })) high = middle;
		else low = middle;
	}
	return high;
}

async function isSent(scenario: Scenario, engine: EngineTarget, creation: Creation): Promise<boolean> {
	try {
		const { board, sent } = await boardFor(scenario, engine, { creation });
		await sent.finally(() => board.close());
		return true;
	} catch (error) {
		if (/memory full/.test(String(error))) return false;
		throw error;
	}
}
