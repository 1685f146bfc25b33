/**
 * The characters of UTF-8 text that a server sent, given as a character an octet. Never throws: what is not UTF-8
 * becomes U+FFFD, a control character other than LF becomes a space, so that the result can be shown.
 */
export const decodeText = (octets: string): string => {
	const end = octets.length;
	let text = "";
	for (let at = 0; at < end; ) {
		const lead = octets.charCodeAt(at++);
		if (lead < 0x80) {
			text += String.fromCodePoint((lead < 32 && lead !== 10) || lead === 127 ? 32 : lead);
			continue;
		}
		let more = lead >= 0xf0 && lead < 0xf5 ? 3 : lead >= 0xe0 ? (lead < 0xf0 ? 2 : 0) : lead >= 0xc2 ? 1 : 0;
		let code = more ? lead & (0x3f >> more) : -1;
		while (more > 0 && at < end && (octets.charCodeAt(at) & 0xc0) === 0x80) {
			code = (code << 6) | (octets.charCodeAt(at++) & 0x3f);
			more--;
		}
		const broken = code < 0 || more > 0 || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff;
		text += String.fromCodePoint(broken ? 0xfffd : code < 0xa0 ? 32 : code);
	}
	return text;
};

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/**
 * The length of the enhanced status code at the start of a reply's text ("5.7.8 ..."), or 0 where there is none.
 * RFC 3463, 2: class "." subject "." detail; class is 2, 4 or 5, the others have one to three digits.
 */
export const enhancedEnd = (text: string): number => {
	const first = text.charCodeAt(0);
	if ((first !== 50 && first !== 52 && first !== 53) || text.charCodeAt(1) !== 46) return 0;
	const subject = digitsEnd(text, 2);
	if (subject === 2 || text.charCodeAt(subject) !== 46) return 0;
	const detail = digitsEnd(text, subject + 1);
	if (detail === subject + 1) return 0;
	const next = text.charCodeAt(detail);
	return detail === text.length || next === 32 || next === 10 ? detail : 0;
};

const digitsEnd = (text: string, from: number): number => {
	let at = from;
	while (at < from + 3 && isDigit(text.charCodeAt(at))) at++;
	return at;
};

/** A reply's text without the enhanced status code (`length` characters) that begins it and, as a rule, each line of it. */
export const stripEnhanced = (text: string, length: number): string => {
	const code = text.slice(0, length);
	let stripped = "";
	for (let start = 0; ; ) {
		let end = text.indexOf("\n", start);
		if (end < 0) end = text.length;
		if (text.indexOf(code, start) === start) start += text.charCodeAt(start + length) === 32 ? length + 1 : length;
		stripped += text.slice(start, end);
		if (end === text.length) return stripped;
		stripped += "\n";
		start = end + 1;
	}
};
