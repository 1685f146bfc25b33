/** How a received mail looks on a terminal. */
import type { AddressObject } from "mailparser";
import type { ReceivedMail } from "../inbox.js";
import { printable, type Style } from "../terminal.js";

/** Header and text, decoded, with a bar at the left so that it stands apart from the log. */
export function showMail({ parsed, envelope }: ReceivedMail, style: Style): string {
	const rows: [string, string | undefined][] = [
		["From", addresses(parsed.from)],
		["To", addresses(parsed.to) || envelope.to.join(", ")],
		["Date", parsed.date?.toUTCString()],
		["Subject", parsed.subject],
	];
	const header = rows
		.filter(([, value]) => value)
		.map(([name, value]) => `${style.dim(name.padEnd(8))}${printable(value ?? "")}`);
	const text = printable(parsed.text?.trimEnd() ?? "", true).split("\n");
	const bar = style.green("│");
	return [...header, "", ...text].map((line) => `${bar} ${line}`.trimEnd()).join("\n");
}

function addresses(list: AddressObject | AddressObject[] | undefined): string {
	const all = list === undefined ? [] : Array.isArray(list) ? list : [list];
	return all.map((entry) => entry.text).join(", ");
}
