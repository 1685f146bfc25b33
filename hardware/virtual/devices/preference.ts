import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeviceCall } from "../frames.js";
import type { Device } from "./device.js";

/** b(oolean), i(nteger), s(tring) or a(rrayBuffer), and the value's bytes. */
interface Entry {
	domain: string;
	key: string;
	type: string;
	/** In base64. */
	value: string;
	/** Bytes of flash. */
	size: number;
}

/** A flash sector without its signature. */
const SECTOR_BYTES = 4096 - 4;
const ENTRY_BYTES = 128;
const NAME_BYTES = 31;
/** How many bytes a value of a type has, from and to; a string's NUL counts. */
const valueBytes: Record<string, readonly [number, number]> = { b: [1, 1], i: [4, 4], s: [1, 63], a: [0, 63] };

/** The app's preferences, in a file of a folder or, without one, for as long as the board is there. */
export class Preference implements Device {
	readonly #file: string | undefined;
	#entries: Entry[] = [];

	/** @param folder where preferences.json is, or is to be */
	constructor(folder: string | undefined) {
		this.#file = folder && join(folder, "preferences.json");
		if (folder) mkdirSync(folder, { recursive: true });
		if (this.#file) this.#entries = load(this.#file);
	}

	ask(action: string, { details, data }: DeviceCall): string | Uint8Array {
		const end = data.indexOf(0);
		const domain = data.toString("utf8", 0, end);
		const keyEnd = data.indexOf(0, end + 1);
		const key = data.toString("utf8", end + 1, keyEnd);
		switch (action) {
			case "get":
				return this.#get(domain, key);
			case "set":
				return this.#set({
					...{ domain, key, type: details[0] as string, size: Number(details[1]) },
					value: data.toString("base64", keyEnd + 1),
				});
			case "delete":
				this.#remove(domain, key);
				this.#save();
				return "";
			case "keys":
				return this.#entries
					.filter((entry) => entry.domain === domain)
					.map((entry) => `${entry.key}\0`)
					.join("");
		}
		return "";
	}

	#get(domain: string, key: string): Uint8Array {
		const entry = this.#entries.find((entry) => entry.domain === domain && entry.key === key);
		return entry ? Buffer.concat([Buffer.from(entry.type), Buffer.from(entry.value, "base64")]) : Buffer.alloc(0);
	}

	/** As on the chip, the old value is gone even if there is no room for the new one. */
	#set(entry: Entry): string {
		this.#remove(entry.domain, entry.key);
		const used = this.#entries.reduce((sum, { size }) => sum + size, 0);
		const fits = used + entry.size <= SECTOR_BYTES;
		if (fits) this.#entries.push(entry);
		this.#save();
		return fits ? "" : "full";
	}

	#remove(domain: string, key: string): void {
		this.#entries = this.#entries.filter((entry) => entry.domain !== domain || entry.key !== key);
	}

	/** All of it or nothing, whenever the desk may be interrupted. */
	#save(): void {
		if (!this.#file) return;
		const working = `${this.#file}.new`;
		writeFileSync(working, `${JSON.stringify(this.#entries, undefined, "\t")}\n`, { mode: 0o600 });
		renameSync(working, this.#file);
	}
}

/** @throws where the file is none of this device's */
function load(file: string): Entry[] {
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
		throw new Error(`${file} cannot be read: ${(error as Error).message}`);
	}
	let entries: unknown;
	try {
		entries = JSON.parse(text);
	} catch {
		entries = undefined; // what it says could be anything
	}
	if (!Array.isArray(entries) || !entries.every(isEntry))
		throw new Error(`${file} does not hold a board's preferences. Mend or delete it.`);
	return entries;
}

function isEntry(entry: unknown): entry is Entry {
	if (typeof entry !== "object" || entry === null) return false;
	const { domain, key, type, value, size } = entry as Partial<Record<keyof Entry, unknown>>;
	if (!isName(domain) || !isName(key) || typeof type !== "string" || !Object.hasOwn(valueBytes, type)) return false;
	if (typeof value !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return false;
	const bytes = Buffer.from(value, "base64");
	const [least = 0, most = 0] = valueBytes[type] ?? [];
	if (bytes.length < least || bytes.length > most || (type === "s" && bytes.indexOf(0) !== bytes.length - 1))
		return false;
	return Number.isInteger(size) && (size as number) > 0 && (size as number) <= ENTRY_BYTES;
}

function isName(name: unknown): name is string {
	return typeof name === "string" && !name.includes("\0") && Buffer.byteLength(name) <= NAME_BYTES;
}
