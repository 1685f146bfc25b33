/** Messages to compare byte for byte. */

/** A message of at least so many bytes, with all that can go wrong on the way: leading dots, ends of lines of every kind. */
export function awkwardMessage(bytes: number, id: string): Buffer {
	const date = new Date().toUTCString().replace("GMT", "+0000");
	const lines = [
		`Date: ${date}`,
		"From: ada@example.org",
		"To: bob@example.org",
		`Message-ID: <${id}@example.org>`,
		"Subject: awkward",
		"",
	];
	const ends = ["\r\n", "\n", "\r\n", "\r\n", "\n"];
	let text = `${lines.join("\r\n")}\r\n`;
	const samples = [".", "..", ".a line that begins with a dot", "", "MAIL FROM:<nobody@example.org>", "x".repeat(700)];
	for (let i = 0; text.length < bytes; i++) text += samples[i % samples.length] + (ends[i % ends.length] as string);
	return Buffer.from(text);
}

/** Where two messages begin to differ, for people; undefined where they do not. */
export function difference(expected: Buffer, actual: Buffer): string | undefined {
	if (expected.equals(actual)) return undefined;
	let at = 0;
	while (at < expected.length && expected[at] === actual[at]) at++;
	const around = (message: Buffer) => JSON.stringify(message.toString("latin1", Math.max(0, at - 20), at + 40));
	return `at byte ${at} ${around(expected)} became ${around(actual)}`;
}

/** As SMTP carries it: every line ends in CRLF. */
export function canonical(message: Buffer): Buffer {
	const text = message.toString("latin1").replaceAll(/\r\n|\r|\n/g, "\r\n");
	return Buffer.from(text.endsWith("\r\n") ? text : `${text}\r\n`, "latin1");
}
