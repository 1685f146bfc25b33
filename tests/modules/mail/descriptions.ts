/** Messages described by chance, the same in every run, for a composer and for parsers to agree on. */

export interface Named {
	name?: string;
	address: string;
}

export interface NamedGroup {
	group: string;
	members: Named[];
}

/** Bytes 0, 1, 2... of a file are `byteAt(0)`, `byteAt(1)`... */
export interface DescribedFile {
	name?: string;
	type?: string;
	contentId?: string;
	length: number;
	/** Told to the composer beforehand or not; read as bytes, by slices, or as rows. */
	source: "bytes" | "slices" | "rows";
}

export interface Description {
	from: Named[];
	sender?: Named;
	replyTo?: Named[];
	to?: (Named | NamedGroup)[];
	cc?: (Named | NamedGroup)[];
	bcc?: Named[];
	subject?: string;
	date?: number;
	messageId?: string;
	inReplyTo?: string;
	references?: string[];
	priority?: "high" | "normal" | "low";
	headers: [name: string, value: string][];
	text?: string;
	html?: string;
	inline: DescribedFile[];
	attachments: DescribedFile[];
	eightBit: boolean;
	/** The text's paragraphs flow; there is nothing but text then. */
	flowed?: boolean;
	/** Addresses may be beyond ASCII. */
	utf8?: boolean;
	/** How many bytes the reader takes at once. */
	buffer: number;
}

export const byteAt = (index: number): number => (index * 167 + (index >> 5) * 13 + 7) & 255;

export const rowAt = (index: number): string => `2026-03-01 12:${index},${(index * 37) % 211},"ü, ${index}"`;

const WORDS = [
	"water in the cellar level alarm a of and the is at report-7 50% x=y don't (see below) #3 plain",
	"Wächter Größe Übermäßig naïve café Ærø Łódź Žižek señor façade",
	"警报 水位过高 请立即检查 地下室 設備 時間 湿度计",
	"تنبيه الماء مرتفع في القبو القراءة",
	"Тревога Вода в подвале уровень",
	"👩‍👩‍👧‍👦 🏳️‍🌈 ☔ 🇩🇪 e\u0301 👍🏽",
	"ประเทศไทย नमस्ते 한국어 日本語テスト",
].map((words) => words.split(" "));

const NAMES = [
	"Ada Lovelace",
	'Doe, John "JD" <x>',
	"O'Neil & Sons, (Cork)",
	"back\\slash @ home",
	"[brackets]: a.b.c",
	"Wächter im Café",
	"警报系统，地下室",
	"لوحة الإنذار",
	"👩‍👩‍👧 Family, the",
	"a name that is longer than sixty characters, and so does not fit in one word of a line",
	"half =?an encoded word",
	"x",
];

/** mulberry32: a small generator of numbers from 0 to 1. */
const random = (seed: number) => (): number => {
	seed = (seed + 0x6d2b79f5) | 0;
	let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

/** `count` descriptions; the first ones go round every border at which a subject or a name is folded. */
export const describe = (count: number, seed = 5): Description[] => {
	const chance = random(seed);
	const upTo = (limit: number) => Math.floor(chance() * limit);
	const oneOf = <T>(list: readonly T[]): T => list[upTo(list.length)] as T;
	const perhaps = <T>(probability: number, make: () => T): T | undefined =>
		chance() < probability ? make() : undefined;

	const words = (length: number): string => {
		let text = "";
		const scripts = [oneOf(WORDS), oneOf(WORDS)];
		while (text.length < length) text += `${text && " "}${oneOf(oneOf(scripts))}`;
		return text;
	};
	const address = (): string => {
		const locals = ["ada", "j.doe+tag", "x_y-z", '"john smith"', "o'neil", "a".repeat(64)];
		const domains = ["example.org", "mail.example.com", "[192.0.2.1]", `${"sub.".repeat(20)}example.net`];
		return `${oneOf(locals)}@${oneOf(domains)}`;
	};
	const named = (): Named => ({ ...(chance() < 0.7 && { name: oneOf(NAMES) }), address: address() });
	const several = <T>(limit: number, make: () => T): T[] => Array.from({ length: 1 + upTo(limit) }, make);
	const group = (): NamedGroup => ({ group: oneOf(NAMES), members: several(3, named).slice(upTo(2)) });
	const list = (): (Named | NamedGroup)[] => several(6, () => (chance() < 0.2 ? group() : named()));
	const lines = (): string => {
		let text = "";
		for (let i = upTo(12); i >= 0; i--) {
			const line = chance();
			if (line < 0.1) text += ["", ".", "..", "--=_1_", "--=_1_--", "From me", ">", "-- ", "=", " x "][upTo(10)];
			else if (line < 0.2) text += "x".repeat(980 + upTo(40));
			else text += words(upTo(120));
			text += "\n";
		}
		return text;
	};
	const file = (index: number, inline: boolean): DescribedFile => {
		const rows = !inline && chance() < 0.3;
		const name = perhaps(0.8, () =>
			chance() < 0.5 ? `file ${index}.bin` : `${words(upTo(90)).replaceAll("/", "-")}.dat`,
		);
		return {
			...(name && { name }),
			type: rows ? "text/csv" : oneOf(["image/png", "application/pdf", "application/octet-stream"]),
			...(inline && { contentId: `image${index}@example.org` }),
			length: rows ? upTo(20) : oneOf([0, 1, 2, 3, 47, 48, 49, 191, 192, 193, 1000, upTo(5000)]),
			source: rows ? "rows" : oneOf(["bytes", "slices"]),
		};
	};

	return Array.from({ length: count }, (_, index) => {
		const html = perhaps(0.4, () => `<p>${lines().replaceAll("<", "&lt;")}</p>\n`);
		const border = "x".repeat(index % 90);
		return {
			from: index % 7 ? [named()] : several(2, named),
			...(perhaps(0.2, () => ({ sender: named() })) ?? (index % 7 ? {} : { sender: named() })),
			...perhaps(0.2, () => ({ replyTo: several(2, named) })),
			...perhaps(0.9, () => ({ to: list() })),
			...perhaps(0.3, () => ({ cc: list() })),
			...perhaps(0.2, () => ({ bcc: [{ address: "secret@example.org" }] })),
			...perhaps(0.95, () => ({
				subject: index < 90 ? `${border} ${oneOf(oneOf(WORDS))} ${words(upTo(60))}`.trim() : words(upTo(220)),
			})),
			...perhaps(0.9, () => ({ date: upTo(4_000_000) * 1_000_000 })),
			...perhaps(0.9, () => ({ messageId: `${index}.${upTo(1e9)}@example.org` })),
			...perhaps(0.2, () => ({ inReplyTo: `${upTo(1e9)}@example.org` })),
			...perhaps(0.2, () => ({ references: several(8, () => `${upTo(1e9)}.${"y".repeat(upTo(40))}@example.org`) })),
			...perhaps(0.3, () => ({ priority: oneOf(["high", "normal", "low"] as const) })),
			headers: perhaps(0.4, () => several(2, (): [string, string] => [`X-Own-${upTo(10)}`, words(upTo(150))])) ?? [],
			...(html === undefined || chance() < 0.7 ? { text: lines() } : {}),
			...(html !== undefined && { html }),
			inline: html === undefined ? [] : (perhaps(0.4, () => several(2, () => 0).map((_, i) => file(i, true))) ?? []),
			attachments: perhaps(0.4, () => several(3, () => 0).map((_, i) => file(i, false))) ?? [],
			eightBit: chance() < 0.3,
			buffer: oneOf([1, 2, 3, 57, 256, 536, 4096]),
		};
	});
};
