import { type Writer } from "./writer";

const DAYS = "SunMonTueWedThuFriSat";
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** A date in UTC: `Sat, 22 Nov 2025 06:42:07 +0000` (RFC 5322 3.3). */
export function dateTime(writer: Writer, date: Date): boolean {
	writer.text(DAYS, date.getUTCDay() * 3, date.getUTCDay() * 3 + 3);
	writer.text(", ");
	digits(writer, date.getUTCDate());
	writer.text(" ");
	writer.text(MONTHS, date.getUTCMonth() * 3, date.getUTCMonth() * 3 + 3);
	writer.text(" ");
	digits(writer, date.getUTCFullYear() / 100 | 0);
	digits(writer, date.getUTCFullYear() % 100);
	writer.text(" ");
	digits(writer, date.getUTCHours());
	writer.text(":");
	digits(writer, date.getUTCMinutes());
	writer.text(":");
	digits(writer, date.getUTCSeconds());
	writer.text(" +0000");
	writer.endLine();
	return true;
}

function digits(writer: Writer, value: number): void {
	writer.byte(0x30 + (value / 10 | 0));
	writer.byte(0x30 + value % 10);
}
