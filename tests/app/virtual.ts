/** The whole app in virtual time, before servers without sockets: an hour takes a moment, and is the same in every run. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { type BoardOptions, VirtualBoard } from "../../hardware/virtual/board.js";
import type { MailServer } from "./mail-server.js";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface VirtualOptions extends Partial<BoardOptions> {
	/** Who answers at 192.0.2.25 and, where there are two, at 192.0.2.26. */
	servers: readonly MailServer[];
	/** With TLS: nothing is encrypted, all else is as it would be. */
	tls?: boolean;
	/** With an LED, whose blinking makes days long. */
	light?: boolean;
}

export class VirtualApp {
	readonly board: VirtualBoard;
	/** Lines that the app has traced. */
	readonly traced: string[] = [];
	/** The LED's changes: 1 for lit. */
	readonly light: number[] = [];
	/** Lines that `until` has looked at. */
	#seen = 0;

	private constructor(board: VirtualBoard) {
		this.board = board;
		board.on("trace", (line) => this.traced.push(line));
		board.on("led", ({ variant, value }) => variant === 0 && this.light.push(value));
	}

	static async start(context: TestContext, options: VirtualOptions): Promise<VirtualApp> {
		const { servers, tls = false, light = false, config, network, ...rest } = options;
		const board = await VirtualBoard.start({
			manifest: tls ? manifestWithTLS(context) : "manifest.json",
			clock: "manual",
			...(light ? {} : { modules: { board: resolve("tests/app/dark/board.ts") } }),
			...rest,
			config: {
				ssid: "home",
				smtpHost: "192.0.2.25",
				smtpSecurity: tls ? "required" : "none",
				from: "board@example.org",
				to: "ada@example.org",
				...config,
			},
			network: {
				sntp: new Date("2026-11-22T12:00:00Z"),
				peers: (address, _port, connection) => servers[address === "192.0.2.26" ? 1 : 0]?.connect(connection),
				...network,
			},
		});
		context.after(() => board.close());
		return new VirtualApp(board);
	}

	/** Until the network is up and the clock set. */
	async ready(): Promise<void> {
		await this.until("clock set");
	}

	async press(): Promise<void> {
		await this.board.press();
		await this.board.advance(100);
		await this.board.release();
		await this.board.advance(100);
	}

	/** Lets time pass until the app says something after what was waited for last. @returns how long that took */
	async until(part: string, mostMs = HOUR, stepMs = 100): Promise<number> {
		for (let ms = 0; ms <= mostMs; ms += stepMs) {
			const at = this.traced.findIndex((line, i) => i >= this.#seen && line.includes(part));
			this.#seen = at < 0 ? this.#seen : at + 1;
			if (at >= 0) return ms;
			await this.board.advance(stepMs);
		}
		throw new Error(`the app did not say "${part}" in ${mostMs} ms:\n${this.traced.join("\n")}`);
	}

	/** What it has said of alerts, without their identifiers. */
	get alerts(): string[] {
		return this.traced.filter((line) => line.startsWith("alert ")).map((line) => line.replace(/^alert \S+: /, ""));
	}
}

/** A manifest as `./build.sh configure` writes it; of the authority only that there is one matters here. */
function manifestWithTLS(context: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), "alert-mail-"));
	context.after(() => rmSync(folder, { recursive: true }));
	writeFileSync(join(folder, "authority-1.der"), Buffer.of(0x30, 0));
	const manifest = { include: resolve("manifest_tls.json"), resources: { "*": "./authority-1" } };
	writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
	return join(folder, "manifest.json");
}
