import { equal, test } from "harness";
import { formatInstant } from "mail/date";
import { field, render } from "./rendering";

const DAY_MS = 86_400_000;

/** What the engine's own Date says. */
const expectedInstant = (date: Date) => date.toISOString().slice(0, 19).replace("T", " ");
const expectedField = (date: Date) => date.toUTCString().replace("GMT", "+0000");

const fieldFor = (milliseconds: number) => field("Date", render({ date: milliseconds }));

/** Around the end of February, and of the year. */
const instantsOf = (year: number): number[] => {
	const march = Date.UTC(year, 2, 1);
	const next = Date.UTC(year + 1, 0, 1);
	return [march - 2 * DAY_MS, march - DAY_MS, march - 1, march, next - 1, next];
};

test("every year has the days that the calendar gives it, leap years one more", () => {
	for (let year = 1970; year < 2420; year++)
		for (const instant of instantsOf(year)) equal(formatInstant(instant), expectedInstant(new Date(instant)));
	for (const year of [2500, 2600, 2800, 3000, 4000, 9999])
		for (const instant of instantsOf(year).slice(0, 5))
			equal(formatInstant(instant), expectedInstant(new Date(instant)));
});

test("every day of a leap year and of the one after, at another time each", () => {
	for (let day = 0; day < 731; day++) {
		const instant = Date.UTC(2024, 0, 1) + day * DAY_MS + ((day * 7_919_333) % DAY_MS);
		equal(formatInstant(instant), expectedInstant(new Date(instant)));
	}
});

test("a Date field", () => {
	for (const year of [1970, 1999, 2000, 2024, 2026, 2038, 2100, 2399, 2400, 9998])
		for (const instant of instantsOf(year)) equal(fieldFor(instant), expectedField(new Date(instant)));
	equal(fieldFor(0), "Thu, 01 Jan 1970 00:00:00 +0000");
	equal(fieldFor(1_772_366_400_999), "Sun, 01 Mar 2026 12:00:00 +0000");
});
