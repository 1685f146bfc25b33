import { slice } from "./strings";
import type { Writer } from "./writer";

/** Seconds. */
const DAY = 86_400;

const DAYS = "SunMonTueWedThuFriSat";
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** 1 March of the year 0, from where leap days come at the end of a year, to 1 January 1970. */
const DAYS_BEFORE_1970 = 719_468;
const DAYS_IN_4_YEARS = 1_461;
const DAYS_IN_CENTURY = 36_524;
const DAYS_IN_4_CENTURIES = 146_097;

/** Characters of a date in a header. */
const DATE_LENGTH = 31;

/** Writes a point in time, in milliseconds since 1970, as `Sat, 22 Nov 2025 06:42:07 +0000` (RFC 5322, 3.3). */
export const dateTime = (writer: Writer, milliseconds: number): boolean => {
	writer.add(writer.target ? formatDate(milliseconds) : "", DATE_LENGTH);
	writer.endLine();
	return true;
};

const formatDate = (milliseconds: number): string => {
	const days = dayOf(milliseconds);
	const date = dateOf(days);
	const month = word(MONTHS, (((date / 100) | 0) % 100) - 1);
	return `${word(DAYS, (days + 4) % 7)}, ${pair(date % 100)} ${month} ${yearOf(date)} ${formatTime(milliseconds)} +0000`;
};

/** `2025-11-22 06:42:07`, in UTC. Reckoned here, since the engine's own Date would cost the chip 9 KB. */
export const formatInstant = (milliseconds: number): string => {
	const date = dateOf(dayOf(milliseconds));
	return `${yearOf(date)}-${pair(((date / 100) | 0) % 100)}-${pair(date % 100)} ${formatTime(milliseconds)}`;
};

const formatTime = (milliseconds: number): string => {
	const seconds = Math.floor(milliseconds / 1000) % DAY;
	const minutes = (seconds / 60) | 0;
	return `${pair((minutes / 60) | 0)}:${pair(minutes % 60)}:${pair(seconds % 60)}`;
};

const dayOf = (milliseconds: number): number => Math.floor(milliseconds / (1000 * DAY));

/** 20251122 for a day since 1970. */
const dateOf = (daysSince1970: number): number => {
	const days = daysSince1970 + DAYS_BEFORE_1970;
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

/** Of four digits. */
const yearOf = (date: number): number => (date / 10_000) | 0;

/** One of the words of three letters. */
const word = (words: string, index: number): string => slice.call(words, index * 3, index * 3 + 3);

/** Two digits at least. */
export const pair = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
