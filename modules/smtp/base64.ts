/** The bytes that base64 stands for (RFC 4648, 4), or undefined where it is not well-formed. */
export const decodeBase64 = (text: string): Uint8Array | undefined => {
	const { length } = text;
	if (length % 4) return undefined;
	const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
	const bytes = new Uint8Array((length / 4) * 3 - padding);
	let group = 0;
	let count = 0;
	for (let i = 0; i < length - padding; i++) {
		const digit = base64Value(text.charCodeAt(i));
		if (digit < 0) return undefined;
		group = ((group << 6) | digit) & 0xffffff;
		if (i % 4) bytes[count++] = (group >> (6 - 2 * (i % 4))) & 255;
	}
	return bytes;
};

const base64Value = (code: number): number => {
	if (code >= 65 && code <= 90) return code - 65;
	if (code >= 97 && code <= 122) return code - 71;
	if (code >= 48 && code <= 57) return code + 4;
	return code === 43 ? 62 : code === 47 ? 63 : -1;
};
