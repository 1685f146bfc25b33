import type { Writer } from "./writer";

const DAYS = "SunMonTueWedThuFriSat";
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** 1 March of the year 0, from where leap days come at the end of a year, to 1 January 1970. */
const DAYS_BEFORE_1970 = 719_468;
const DAYS_IN_4_YEARS = 1_461;
const DAYS_IN_CENTURY = 36_524;
const DAYS_IN_4_CENTURIES = 146_097;

/**
 * Writes a point in time, in milliseconds since 1970, as `Sat, 22 Nov 2025 06:42:07 +0000` (RFC 5322, 3.3). Reckoned
 * here, since the engine's own Date would cost the chip 9 KB.
 */
export const dateTime = (writer: Writer, milliseconds: number): boolean => {
	const seconds = Math.floor(milliseconds / 1000);
	const days = Math.floor(seconds / 86_400);
	const date = dateOf(days + DAYS_BEFORE_1970);
	word(writer, DAYS, (days + 4) % 7);
	writer.text(", ");
	digits(writer, date % 100);
	writer.text(" ");
	word(writer, MONTHS, (((date / 100) | 0) % 100) - 1);
	writer.text(" ");
	digits(writer, (date / 1_000_000) | 0);
	digits(writer, ((date / 10_000) | 0) % 100);
	writer.text(" ");
	digits(writer, Math.floor(seconds / 3600) % 24);
	writer.text(":");
	digits(writer, Math.floor(seconds / 60) % 60);
	writer.text(":");
	digits(writer, seconds % 60);
	writer.text(" +0000");
	writer.endLine();
	return true;
};

/** 20251122 for a day, counted since 1 March of the year 0 in the Gregorian calendar. */
const dateOf = (days: number): number => {
	const era = (days / DAYS_IN_4_CENTURIES) | 0;
	const dayOfEra = days % DAYS_IN_4_CENTURIES;
	const leapDays =
		((dayOfEra / (DAYS_IN_4_YEARS - 1)) | 0) -
		((dayOfEra / DAYS_IN_CENTURY) | 0) +
		((dayOfEra / (DAYS_IN_4_CENTURIES - 1)) | 0);
	const yearOfEra = ((dayOfEra - leapDays) / 365) | 0;
	const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
	const month = ((5 * dayOfYear + 2) / 153) | 0;
	const year = era * 400 + yearOfEra + (month > 9 ? 1 : 0);
	const day = dayOfYear - (((153 * month + 2) / 5) | 0) + 1;
	return year * 10_000 + (((month + 2) % 12) + 1) * 100 + day;
};

/** One of the words of three letters. */
const word = (writer: Writer, words: string, index: number): void => writer.text(words, index * 3, index * 3 + 3);

const digits = (writer: Writer, value: number): void => {
	writer.byte(0x30 + ((value / 10) | 0));
	writer.byte(0x30 + (value % 10));
};
