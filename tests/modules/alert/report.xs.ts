import { formatDuration, type ReportOptions, report } from "alert/report";
import { texts } from "alert/texts";
import { deepEqual, equal, ok, test } from "harness";

const NOON = 1_772_366_400_000;

const alert = (count = 1, event?: string) => ({ event, ticks: 0, id: "7.abc", count, isLate: false, next: undefined });

/** The mail of an alert, as it goes over the wire. */
const mail = (options: Partial<ReportOptions> = {}, count = 1, event?: string): string => {
	const source = report(alert(count, event), {
		from: "board@example.org",
		to: ["ada@example.org", "grace@example.net"],
		language: "en",
		device: "cellar",
		board: "ESP8266",
		time: NOON,
		uptime: 93_784,
		freeMemory: 12_345,
		RSSI: -61,
		...options,
	});
	const buffer = new Uint8Array(512);
	let text = "";
	for (let read = source.read(buffer); read; read = source.read(buffer))
		for (let i = 0; i < read; i++) text += String.fromCharCode(buffer[i]!);
	return text;
};

const bodyOf = (text: string) => text.slice(text.indexOf("\r\n\r\n") + 4);

test("an alert says who, what, when, on which board, since when, with how much memory and signal", () => {
	equal(
		bodyOf(mail()),
		[
			"Button pressed",
			"",
			"Device: cellar",
			"Time: 2026-03-01 12:00:00 UTC",
			"Board: ESP8266",
			"Running for: 1 d 02:03:04",
			"Free memory: 12345 bytes",
			"Signal strength: -61 dBm",
			"",
		].join("\r\n"),
	);
});

test("its header names sender, recipients, subject, date and an identifier", () => {
	const header = mail();
	for (const line of [
		"From: board@example.org",
		"To: ada@example.org, grace@example.net",
		"Subject: cellar: Button pressed",
		"Date: Sun, 01 Mar 2026 12:00:00 +0000",
		"Message-ID: <7.abc@example.org>",
		"Auto-Submitted: auto-generated", // C6: RFC 3834, 5
	])
		ok(header.includes(`${line}\r\n`), line);
});

test("without a clock there is no date, and the text says why", () => {
	const text = mail({ time: undefined });
	ok(!text.includes("Date:"));
	ok(text.includes("Time: unknown, the clock is not set\r\n"));
});

test("what is not known is left out", () => {
	const text = mail({ freeMemory: undefined, RSSI: undefined });
	ok(!text.includes("Free memory") && !text.includes("Signal"));
});

test("presses that were counted together say how many", () => {
	ok(mail({}, 13).includes("(=C3=9713)"));
});

test("an event of one's own takes the place of the language's", () => {
	ok(mail({}, 1, "Water in the cellar").includes("Subject: cellar: Water in the cellar\r\n"));
});

test("alerts that were given up are told, each with its reason", () => {
	const letter = { id: "1.2", slot: 0, event: undefined, count: 3, time: NOON, reason: "550 5.1.1 no such user" };
	const deadLetters = [
		letter,
		{ ...letter, event: "Water", count: 1, time: undefined, reason: "no network after 60 s" },
	];
	const text = bodyOf(mail({ deadLetters, language: "de" }, 1, "x"));
	ok(
		text.includes(
			"\r\n\r\nNicht zugestellt: Taste gedr=C3=BCckt (=C3=973), 2026-03-01 12:00:00 UTC: 5=\r\n50 5.1.1 no such user\r\n",
		),
		text,
	);
	ok(text.includes("Nicht zugestellt: Water, unbekannt"), text);
	ok(!mail({ deadLetters: [] }).includes("Could not"));
});

test("every language has every text", () => {
	const keys = Object.keys(texts.en);
	for (const language of ["en", "de", "es", "fr", "zh"] as const) {
		deepEqual(Object.keys(texts[language]), keys);
		for (const key of keys) ok(texts[language][key as keyof typeof texts.en].length > 0, `${language} ${key}`);
		ok(mail({ language }).length > 300);
	}
});

test("durations", () => {
	equal(formatDuration(0), "0 d 00:00:00");
	equal(formatDuration(59), "0 d 00:00:59");
	equal(formatDuration(86_399), "0 d 23:59:59");
	equal(formatDuration(86_400 * 400), "400 d 00:00:00");
});
