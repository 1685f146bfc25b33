/** The app's own firmware on the emulated chip, with an inbox: for tests that take the SDK. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { buildFirmware, type Firmware, type Security, wifi } from "../../../commands/chip/firmware.js";
import { Inbox, type ReceivedMail } from "../../../commands/inbox.js";
import { configOf } from "../../../commands/settings.js";
import { espCompiler, moddableSDK } from "../../../commands/toolchain.js";
import { ChipBoard, type ChipEnd, type ChipOptions } from "../../../hardware/chip/board.js";
import { missingForChip } from "../../../hardware/chip/build.js";

/** Why the firmware cannot be built or run here, or false. */
export async function obstacle(): Promise<string | false> {
	if (!moddableSDK()?.built || !espCompiler())
		return "takes the Moddable SDK and its ESP8266 toolchain: MODDABLE, ESP_BASE";
	const missing = await missingForChip();
	return missing.length > 0 && `not here: ${missing.join(", ")}`;
}

/** Builds the app as it is, whatever is configured. @throws Error where that fails */
export async function firmware(security: Security, values: Record<string, unknown> = {}): Promise<Firmware> {
	const built = await buildFirmware({
		security,
		debug: false,
		verbose: false,
		values: { ...configOf("manifest.json"), ...values },
	});
	if (!built) throw new Error("the firmware cannot be built");
	return built;
}

/** How much of the chip's time passes between two looks. */
const STEP_MS = 50;
const PRESS_MS = 150;

/** A chip with a flash that outlives its lives, and the inbox that its mails go to. */
export class Scene {
	readonly inbox: Inbox;
	readonly #firmware: Firmware;
	readonly #folder = mkdtempSync(join(tmpdir(), "scene-"));
	board!: ChipBoard;
	/** "wifi associated", "pin 16=0", in the order in which it was. */
	readonly seen: string[] = [];
	#end: ChipEnd | undefined;

	/** Closed when the test is over, or by who opens it without one. */
	static async open(firmware: Firmware, context?: TestContext): Promise<Scene> {
		const { identity } = firmware;
		const server = identity && { key: identity.key, cert: identity.chain, disabledCommands: [] };
		const scene = new Scene(firmware, await Inbox.start(server ? { server } : {}));
		context?.after(() => scene.close());
		return scene;
	}

	private constructor(firmware: Firmware, inbox: Inbox) {
		this.#firmware = firmware;
		this.inbox = inbox;
	}

	get mails(): readonly ReceivedMail[] {
		return this.inbox.mails;
	}

	/** How the life ended, if it has. */
	get end(): ChipEnd | undefined {
		return this.#end;
	}

	async powerOn(options: ChipOptions = {}): Promise<void> {
		const { elf, image, port } = this.#firmware;
		const flash = join(this.#folder, "flash.bin");
		const ports = { [port]: this.inbox.port };
		const board = await ChipBoard.start({ pace: "free", elf, image, flash, ports, wifi, ...options });
		this.#end = undefined;
		this.board = board;
		board.on("note", (who, text) => this.seen.push(`${who} ${text}`));
		board.on("pin", (pin, level) => this.seen.push(`pin ${pin}=${level}`));
		void board.exited.then((end) => {
			if (this.board === board) this.#end = end;
		});
	}

	/** Lets time pass until it is so; false where it is not so in time, or the life ended before. */
	async until(isSo: () => boolean, limitMs = 60_000, stepMs = STEP_MS): Promise<boolean> {
		for (let passed = 0; !isSo(); passed += stepMs) {
			if (passed >= limitMs || this.#end) return isSo();
			await this.board.advance(stepMs);
			await delay(0); // what has come in is dealt with
		}
		return true;
	}

	/** Until the station is on, the clock set, and all is quiet. */
	async untilReady(): Promise<boolean> {
		const from = this.seen.length;
		if (!(await this.until(() => this.seen.slice(from).includes("wifi associated")))) return false;
		await this.board.advance(1_500);
		return !this.#end;
	}

	async press(): Promise<void> {
		this.board.press();
		await this.board.advance(PRESS_MS);
		this.board.release();
	}

	untilMails(count: number, limitMs = 60_000): Promise<boolean> {
		return this.until(() => this.mails.length >= count, limitMs);
	}

	/** Takes the power away. */
	async powerOff(): Promise<void> {
		await this.board.cutPower();
	}

	async close(): Promise<void> {
		if (this.board && !this.#end) await this.board.cutPower();
		await this.inbox.close();
		rmSync(this.#folder, { recursive: true });
	}
}

/** A mail's Message-ID. */
export function messageID({ parsed }: ReceivedMail): string {
	return parsed.messageId ?? "";
}
