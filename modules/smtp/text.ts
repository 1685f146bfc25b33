/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const NOTHING = "";
const NEWLINE = "\n";
const SPACE = " ";
const REPLACEMENT = "\ufffd";
const HEX = "0123456789abcdef";

/** What a character becomes, beside itself. */
const enum Shown {
	AsItIs,
	Space,
	Escape,
}

/**
 * The characters of UTF-8 text that a server sent, given as a character an octet. Never throws, and can be shown: what
 * is not UTF-8 becomes U+FFFD, a control character other than LF a space, and what would turn the direction of the text
 * around it, break its line or hide in it an escape such as "\u202e".
 * @param most octets of UTF-8 that the result may have; what does not fit is cut off
 */
export const decodeText = (octets: string, most = octets.length * 6): string => {
	const end = octets.length;
	let text = NOTHING;
	let left = most;
	for (let at = 0; at < end; ) {
		const plain = plainEnd(octets, at, at + left);
		if (plain > at) {
			text += octets.slice(at, plain);
			left -= plain - at;
			at = plain;
			continue;
		}
		const lead = octets.charCodeAt(at++);
		let more = lead >= 0xf0 && lead < 0xf5 ? 3 : lead >= 0xe0 ? (lead < 0xf0 ? 2 : 0) : lead >= 0xc2 ? 1 : 0;
		let code = lead < 0x80 ? lead : more ? lead & (0x3f >> more) : -1;
		while (more > 0 && at < end && (octets.charCodeAt(at) & 0xc0) === 0x80) {
			code = (code << 6) | (octets.charCodeAt(at++) & 0x3f);
			more--;
		}
		const broken = code < 0 || more > 0 || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff;
		const shown = broken ? Shown.AsItIs : shownAs(code);
		const size = shown === Shown.Escape ? 6 : shown === Shown.Space || code < 0x80 ? 1 : octetsOf(code);
		left -= broken ? 3 : size;
		if (left < 0) break;
		if (broken) text += REPLACEMENT;
		else if (shown === Shown.Space) text += SPACE;
		else text += shown === Shown.Escape ? escaped(code) : String.fromCodePoint(code);
	}
	return text;
};

/** The end of a run of printable ASCII and LF, not beyond `end`. */
const plainEnd = (octets: string, from: number, end: number): number => {
	let at = from;
	for (let code = octets.charCodeAt(at); at < end && ((code > 31 && code < 127) || code === 10); )
		code = octets.charCodeAt(++at);
	return at;
};

const octetsOf = (code: number): number => (code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);

/** Control characters are spaces. Escaped are those of direction, of lines and paragraphs, and what nobody sees (Unicode, 23.2 and 23.8). */
const shownAs = (code: number): Shown => {
	if (code < 0xa0) return Shown.Space;
	if (code < 0x200b) return code === 0x61c || code === 0xad || code === 0x180e ? Shown.Escape : Shown.AsItIs;
	if (code === 0x200b || code === 0x200e || code === 0x200f || (code >= 0x2028 && code < 0x202f)) return Shown.Escape;
	if (code >= 0x2060 && code < 0x2070) return Shown.Escape;
	if (code === 0xfeff || (code >= 0xfff9 && code < 0xfffc)) return Shown.Escape;
	return code >= 0xe0000 && code < 0xe0080 ? Shown.Space : Shown.AsItIs; // tags
};

/** "\u202e", with four digits. */
const escaped = (code: number): string => {
	let text = "\\u";
	for (let shift = 12; shift >= 0; shift -= 4) text += HEX.charAt((code >> shift) & 15);
	return text;
};

/** The same text in one line: a space for each LF. */
export const inOneLine = (text: string): string => {
	let line = NOTHING;
	for (let start = 0; ; ) {
		const end = text.indexOf(NEWLINE, start);
		if (end < 0) return start ? line + text.slice(start) : text;
		line += text.slice(start, end) + SPACE;
		start = end + 1;
	}
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
