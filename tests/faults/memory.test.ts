/** The app in the memory that its manifest gives it, at its worst, before a server that says the most that it may. */
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { readConfig } from "../../config.js";
import { VirtualBoard } from "../../hardware/virtual/board.js";
import { patience } from "../patience.js";
import { fillings, type Mood, refusals, TalkativeServer } from "./talkative.js";

const NOON = new Date("2026-03-01T12:00:00Z");
const SERVER = "192.0.2.25";
const WAITING = 8;
/** Sessions that are turned down while all alerts wait: each way, with each filling. */
const moods: readonly Mood[] = Object.values(fillings).flatMap((filling) =>
	refusals.map((refusal) => ({ filling, refusal })),
);

const config = {
	ssid: "家".repeat(10),
	password: "p".repeat(63),
	smtpHost: SERVER,
	smtpPort: 25,
	smtpSecurity: "none",
	allowCleartextAuth: true,
	from: "board@mail.example-domain.org",
	language: "zh",
};

/** The longest value that the configuration takes for a key. */
function longest(key: "smtpUser" | "smtpPassword" | "device" | "event", character: string): string {
	const isTaken = (length: number) =>
		!readConfig({ [key]: character.repeat(length) }).problems.some((problem) => problem.key === key);
	let length = 1;
	while (length < 4_096 && isTaken(length + 1)) length++;
	return character.repeat(length);
}

/** As many as the configuration takes, of the length that addresses have. */
const to = Array.from({ length: 10 }, (_, i) => `recipient${i}@mail.example-domain.org`);

test(
	"the app at its worst, before a server that says the most that it may, never ends, and all alerts arrive in the end",
	patience,
	async (t) => {
		const secrets = {
			smtpUser: longest("smtpUser", "u"),
			smtpPassword: longest("smtpPassword", "p"),
			device: longest("device", "地"),
			event: longest("event", "水"),
		};
		const ids = new Map<string, number>();
		let sessions = 0;
		let isWell = false;
		const board = await VirtualBoard.start({
			manifest: "manifest.json",
			config: { ...config, ...secrets, to },
			network: {
				sntp: NOON,
				peers: (_address, _port, connection) => {
					const mood = moods[sessions++ % moods.length] as Mood;
					return new TalkativeServer(connection, isWell ? { ...mood, refusal: undefined } : mood, (mail) => {
						const id = /^Message-ID: (\S+)/im.exec(mail)?.[1] ?? "";
						ids.set(id, (ids.get(id) ?? 0) + 1);
					});
				},
			},
			clock: "manual",
			modules: { board: resolve("tests/app/dark/board.ts") }, // an LED's blinking makes days long
		});
		t.after(() => board.close());
		const traced: string[] = [];
		let ended: string | undefined;
		board.on("trace", (line) => traced.push(line));
		void board.exited.then(({ reason }) => {
			ended = reason;
		});
		/** Lets time pass until something is so. */
		const until = async (what: string, stepMs: number, isSo: () => boolean) => {
			for (let steps = 0; !isSo(); steps++) {
				assert.ok(!ended, `the run ended: ${ended}\n${traced.slice(-20).join("\n")}`);
				assert.ok(steps < 20_000, `never: ${what}\n${traced.slice(-20).join("\n")}`);
				await board.advance(stepMs);
			}
		};
		await until("the clock is set", 50, () => traced.some((line) => line.includes("clock set")));
		for (let i = 0; i < WAITING; i++) {
			await board.press();
			await board.advance(200);
			await board.release();
			await board.advance(200);
		}
		const begun = sessions;
		await until("each way to be turned down", 10_000, () => sessions > begun + moods.length);
		isWell = true;
		const sent = () => new Set(traced.flatMap((line) => /^alert (\S+): sent$/.exec(line)?.[1] ?? []));
		await until("all are sent", 10_000, () => sent().size >= WAITING);
		for (const id of sent()) assert.ok(ids.has(`<${id}@mail.example-domain.org>`), `${id} of ${[...ids.keys()]}`);
		const { staticPeak, usedPeak } = await board.figures();
		const size = board.app.creation.static;
		assert.ok(staticPeak <= size);
		const user = `user ${secrets.smtpUser.length}, password ${secrets.smtpPassword.length} characters`;
		t.diagnostic(
			`${sessions} sessions; ${user}; at most ${usedPeak} bytes of slots and chunks; ${staticPeak} of ${size} bytes taken`,
		);
		assert.ok(!ended);
	},
);
