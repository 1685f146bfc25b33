import { equal, ok, test } from "harness";
import { Attachment } from "mail/attachment";
import { type Contents, compose } from "mail/compose";
import { Message } from "mail/message";
import { Multipart } from "mail/multipart";
import { BytesSource, FileSource, RowsSource, SlicesSource, StringSource } from "mail/sources";
import { HTML, TextPart } from "mail/text";
import { BUFFERS, bodyOf, field, isCanonical, message, readAll, refusedField, render } from "./rendering";

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 3)) & 255);
const file = (name?: string, length = 5) => new Attachment({ source: new BytesSource(bytes(length)), name });
const content = (contents: Contents) => render({ content: compose(contents) });

test("a file goes with a text in a multipart/mixed", () => {
	equal(
		content({ text: "See the file.\n", attachments: [file("a.bin")] }),
		[
			"From: ada@example.org",
			"MIME-Version: 1.0",
			'Content-Type: multipart/mixed; boundary="=_1_"',
			"",
			"--=_1_",
			"Content-Type: text/plain; charset=utf-8",
			"Content-Transfer-Encoding: 7bit",
			"",
			"See the file.",
			"",
			"--=_1_",
			"Content-Type: application/octet-stream",
			"Content-Transfer-Encoding: base64",
			"Content-Disposition: attachment;",
			" filename=a.bin",
			"",
			"AKdO9Zw=",
			"--=_1_--",
			"",
		].join("\r\n"),
	);
});

test("C3: what is related says of what type its root is (RFC 2387, 3.1)", () => {
	const image = () => new Attachment({ source: new BytesSource(bytes(3)), type: "image/png", contentId: "a@b" });
	const related = (root: ConstructorParameters<typeof Multipart>[1]) => {
		const text = render({ content: new Multipart("related", root, [image()]) });
		for (const size of BUFFERS)
			equal(readAll(message({ content: new Multipart("related", root, [image()]) }), size), text);
		return text.slice(text.indexOf("Content-Type: "), text.indexOf("\r\n\r\n"));
	};
	const page = () => new TextPart("<p>x</p>", false, HTML);
	const head = 'Content-Type: multipart/related; boundary="=_1_";\r\n type=';
	equal(content({ html: "<p>x</p>", inline: [image()] }).indexOf(`\r\n${head}"text/html"\r\n`) > 0, true);
	equal(related(page()), `${head}"text/html"`);
	equal(related(new TextPart("x")), `${head}"text/plain"`);
	equal(related(new Multipart("alternative", new TextPart("x"), [page()])), `${head}"multipart/alternative"`);
	const long = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
	equal(related(new Attachment({ source: new BytesSource(bytes(3)), type: long })), `${head}"${long}"`);
	equal(
		related(new Attachment({ source: new BytesSource(bytes(3)), type: "application/xop+xml; a=b" })),
		`${head}"application/xop+xml"`,
	);
	equal(
		related({ render: () => true, reset() {} }),
		head.slice(0, head.indexOf(";\r\n")),
		"of a part that does not say its type there is nothing to say",
	);
	const eightBit = render({ content: new Multipart("related", new TextPart("ä", true), [image()]) });
	ok(eightBit.includes(' type="text/plain"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--=_1_\r\n'), eightBit);
});

test("C7: a type takes parameters, such as the method of a calendar (RFC 6047, 2.4)", () => {
	const type = (type: string, charset?: string) => {
		const part = () => new Attachment({ source: new BytesSource(bytes(3)), type, charset, name: "invite.ics" });
		const text = render({ content: part() });
		for (const size of BUFFERS) equal(readAll(message({ content: part() }), size), text);
		return text.slice(text.indexOf("Content-Type: ") + 14, text.indexOf("\r\nContent-Transfer"));
	};
	equal(type("text/calendar; method=REQUEST"), "text/calendar;\r\n method=REQUEST");
	equal(type("text/calendar;method=REQUEST", "utf-8"), "text/calendar;\r\n method=REQUEST;\r\n charset=utf-8");
	equal(
		type('text/calendar ; Method="REQUEST" ;\tcharset=utf-8; component=vevent'),
		"text/calendar;\r\n Method=REQUEST;\r\n charset=utf-8;\r\n component=vevent",
	);
	equal(type('a/b; c="d e; \\"f\\""'), "a/b;\r\n c*=UTF-8''d%20e%3B%20%22f%22");
	equal(type('a/b; c="d; e"'), 'a/b;\r\n c="d; e"');
	equal(type('a/b; c=""'), 'a/b;\r\n c=""');
	equal(
		type("multipart/signed; micalg=sha-256; protocol=application/pgp-signature"),
		["multipart/signed", " micalg=sha-256", ' protocol="application/pgp-signature"'].join(";\r\n"),
	);
	ok(type(`a/b; c=${"x".repeat(200)}`).includes("c*2*="));
	equal(type("a/b;"), "a/b");
	for (const wrong of [
		...[
			"text/calendar method=REQUEST",
			"text/calendar; method",
			"text/calendar; method=",
			"text/calendar; =x",
			"; a=b",
		],
		...['a/b; c="d', "a/b; c=d e", "a/b; c=d; C=e", "a/b; c=d,e", 'a/b; c="\u0007"', "a/b; c=\r\nX: y", "a/b; c*=x"],
		...["text; charset=utf-8", `a/b; ${"x".repeat(21)}=y`],
	])
		equal(
			refusedField(() => type(wrong)),
			"Content-Type",
			wrong,
		);
	equal(
		refusedField(() => type("text/calendar; CharSet=latin-1", "utf-8")),
		"Content-Type",
	);
});

test("text and page are alternatives, the page and its images related, each multipart with a boundary of its own", () => {
	const image = new Attachment({ source: new BytesSource(bytes(3)), type: "image/png", contentId: "logo@example.org" });
	const text = content({ text: "t", html: '<img src="cid:logo@example.org">', inline: [image], attachments: [file()] });
	const structure = text
		.split("\r\n")
		.filter((line) => line.startsWith("Content-Type") || line.startsWith("--"))
		.map((line) => line.replace("Content-Type: ", ""));
	equal(
		structure.join("\n"),
		[
			'multipart/mixed; boundary="=_1_"',
			"--=_1_",
			'multipart/alternative; boundary="=_2_"',
			"--=_2_",
			"text/plain; charset=utf-8",
			"--=_2_",
			'multipart/related; boundary="=_3_";',
			"--=_3_",
			"text/html; charset=utf-8",
			"--=_3_",
			"image/png",
			"--=_3_--",
			"--=_2_--",
			"--=_1_",
			"application/octet-stream",
			"--=_1_--",
		].join("\n"),
	);
	ok(text.includes("Content-Disposition: inline\r\nContent-ID: <logo@example.org>\r\n\r\n"));
});

test("only what is there is nested", () => {
	const type = (contents: Contents) => field("Content-Type", content(contents))!.split(";")[0];
	equal(type({ text: "t" }), "text/plain");
	equal(type({ html: "h" }), "text/html");
	equal(type({ text: "t", html: "h" }), "multipart/alternative");
	equal(type({ html: "h", inline: [file()] }), "multipart/related");
	equal(type({ attachments: [file()] }), "multipart/mixed");
	equal(type({ attachments: [], inline: [] }), "text/plain");
});

test("a buffer of any size, and every reset, gives the same bytes", () => {
	const source = message({
		content: compose({
			text: "Grüße\n.\n",
			html: "<p>水</p>",
			attachments: [file("häßlich.bin", 500), file("x", 192)],
		}),
	});
	const whole = readAll(source, 8192);
	ok(isCanonical(whole));
	for (const size of BUFFERS) {
		source.reset();
		equal(readAll(source, size), whole);
		source.reset();
		source.read(new Uint8Array(size * 7));
	}
});

test("a source that gives a byte at a time gives the same bytes", () => {
	const all = new BytesSource(bytes(700));
	const few = { read: (buffer: Uint8Array) => all.read(buffer.subarray(0, 1)), reset: () => all.reset() };
	const text = content({ attachments: [file("a", 700), new Attachment({ source: few, name: "a" })] });
	const [, , one, other] = text.split("--=_1_");
	ok(one !== undefined && one === other);
});

test("buffers by turns get the same bytes, and none is touched when it is not its turn", () => {
	const create = () => message({ content: compose({ text: "t", attachments: [file("a", 700), file("b", 700)] }) });
	const buffers = [300, 234, 234, 7, 80].map((size) => new Uint8Array(size));
	const source = create();
	let text = "";
	for (let turn = 0, count = 1; count; turn = (turn + 1) % 5) {
		for (const buffer of buffers) buffer.fill(1);
		const buffer = buffers[turn]!;
		count = source.read(buffer);
		for (let i = 0; i < count; i++) text += String.fromCharCode(buffer[i]!);
		for (const other of buffers) ok(other === buffer || other.every((byte) => byte === 1));
	}
	equal(text, readAll(create(), 8192));
});

test("no text can end its part", () => {
	const text = content({ text: "--=_1_\n--=_1_--\n", attachments: [file()] });
	equal(text.split("--=_1_").length, 4);
});

const disposition = (name: string): string => {
	const parts = content({ attachments: [file(name)] }).split("--=_1_\r\n");
	return field("Content-Disposition", parts.at(-1) as string) as string;
};

test("names: tokens, quoted, and by RFC 2231", () => {
	equal(disposition("a-b_c.txt"), "attachment;\r\n filename=a-b_c.txt");
	equal(disposition("a b,(c).txt"), 'attachment;\r\n filename="a b,(c).txt"');
	equal(disposition("50%'*.txt"), 'attachment;\r\n filename="50%\'*.txt"');
	equal(disposition(""), 'attachment;\r\n filename=""');
	equal(disposition('a"b\\.txt'), "attachment;\r\n filename*=UTF-8''a%22b%5C.txt");
	equal(disposition("Wächter.txt"), "attachment;\r\n filename*=UTF-8''W%C3%A4chter.txt");
	equal(
		disposition("水位".repeat(8)),
		`attachment;\r\n filename*0*=UTF-8''${"%E6%B0%B4%E4%BD%8D".repeat(3)};\r\n filename*1*=${"%E6%B0%B4%E4%BD%8D".repeat(3)};\r\n filename*2*=${"%E6%B0%B4%E4%BD%8D".repeat(2)}`,
	);
});

// one test each, for an emulated processor takes its time
for (const unit of ["x", "é", "水", "👩‍👧"])
	test(`lines of a name have at most 76 characters, whatever its length: ${unit}`, () => {
		for (let length = 1; length < 300; length += 3)
			for (const line of disposition(unit.repeat(length)).split("\r\n")) ok(line.length <= 76, line);
	});

test("an image may be called by its file's name", () => {
	for (const contentId of ["logo-2.png", "a"]) {
		const image = new Attachment({ source: new BytesSource(bytes(3)), type: "image/png", contentId });
		ok(render({ content: image }).includes(`Content-Disposition: inline\r\nContent-ID: <${contentId}>\r\n\r\n`));
	}
});

test("types may be as long as those of office documents", () => {
	const type = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
	const source = new BytesSource(bytes(3));
	equal(field("Content-Type", render({ content: new Attachment({ source, type }) })), type);
	for (let length = 3; length <= 127; length++) {
		const long = `x/${"y".repeat(length - 2)}`;
		const text = render({ content: new Attachment({ source, type: long, charset: "utf-8", name: "z" }) });
		equal(field("Content-Type", text), `${long};\r\n charset=utf-8`);
	}
	equal(
		refusedField(() => new Attachment({ source, type: `x/${"y".repeat(126)}` })),
		"Content-Type",
	);
});

test("no field of a part lets a line end in", () => {
	const source = new BytesSource(bytes(1));
	for (const bad of ["a\r\nX: y", "a\n", "a\0", "\x7f"]) {
		equal(
			refusedField(() => new Attachment({ source, name: bad })),
			"Content-Disposition",
		);
		equal(
			refusedField(() => new Attachment({ source, type: `text/${bad}` })),
			"Content-Type",
		);
		equal(
			refusedField(() => new Attachment({ source, type: "text/x", charset: bad })),
			"Content-Type",
		);
		for (const contentId of [`${bad}@b`, bad])
			equal(
				refusedField(() => new Attachment({ source, contentId })),
				"Content-ID",
			);
	}
	for (const contentId of ["", "@", "a@", "@b", "a b", "a,b", "ü", "a@b@c", "x".repeat(251)])
		equal(
			refusedField(() => new Attachment({ source, contentId })),
			"Content-ID",
		);
	for (const type of ["", "text", "/x", "text/", "a/b/c", "a b/c", "text/x, charset=y"])
		equal(
			refusedField(() => new Attachment({ source, type })),
			"Content-Type",
		);
});

const attached = (options: ConstructorParameters<typeof Attachment>[0]) => {
	const text = render({ content: new Attachment(options) });
	return bodyOf(text);
};

test("a file may be all of a message", () => {
	equal(attached({ source: new BytesSource(bytes(5)) }), "AKdO9Zw=\r\n");
	equal(attached({ source: new BytesSource(bytes(0)) }), "");
	equal(attached({ source: new StringSource("a;b\nü\n"), type: "text/csv", charset: "utf-8" }), "YTtiCsO8Cg==\r\n");
	equal(
		attached({ source: new StringSource("a;b\nü\n"), type: "text/csv", encoding: "quoted-printable" }),
		"a;b\r\n=C3=BC\r\n",
	);
});

test("every source gives the same bytes for the same content, whatever the buffer, once and again", () => {
	const all = bytes(1000);
	const text = "0123456789,abc def;".repeat(53).slice(0, 999);
	const buffer = ArrayBuffer.fromString(text);
	const slice = (from: number, count: number) => buffer.slice(from, from + count);
	const fill = (target: Uint8Array, position: number) => {
		const part = new Uint8Array(
			buffer.slice(position, Math.min(position + target.length, position + 100, buffer.byteLength)),
		);
		target.set(part);
		return part.length;
	};
	const sources = [
		() => new BytesSource(new Uint8Array(buffer)),
		() => new BytesSource(buffer),
		() => new StringSource(text),
		() => new SlicesSource(buffer.byteLength, slice),
		() => new FileSource(buffer.byteLength, { read: fill }),
		() => new RowsSource(() => ["a", "", text].values()),
	];
	for (const make of sources) {
		const source = make();
		const whole = source instanceof RowsSource ? `a\r\n\r\n${text}\r\n` : text;
		for (const size of [1, 2, 3, 57, 192, 536, 4096]) {
			equal(readAll(source, size), whole);
			equal(source.read(new Uint8Array(10)), 0);
			source.reset();
			source.read(new Uint8Array(150));
			source.reset();
		}
	}
	equal(readAll(new BytesSource(all)).length, 1000);
});

test("of a file that has grown only as much is read as was told, one that has become shorter is an error", () => {
	const all = bytes(100);
	const slice = (from: number, count: number) => all.buffer.slice(from, Math.min(from + count, 100));
	const fill = (target: Uint8Array, position: number) => {
		const count = Math.max(0, Math.min(target.length, 100 - position));
		target.set(all.subarray(position, position + count));
		return count;
	};
	for (const size of [0, 1, 60, 100])
		for (const source of [new FileSource(size, { read: fill }), new SlicesSource(size, slice)])
			equal(readAll(source, 48).length, size);
	for (const source of [new FileSource(101, { read: fill }), new SlicesSource(101, slice)])
		equal(
			refusedField(() => readAll(source, 48)),
			"attachment",
		);
});

test("rows are made when it is their turn, and end where they are left", () => {
	let made = 0;
	let closed = 0;
	const source = new RowsSource(function* () {
		try {
			for (let row = 0; row < 1000; row++) {
				made++;
				yield `${row};${row * row}`;
			}
		} finally {
			closed++;
		}
	});
	const attachment = new Attachment({ source, name: "log.csv", type: "text/csv" });
	const whole = new Message({ from: "a@b", content: attachment });
	whole.read(new Uint8Array(400));
	ok(made < 60, `${made} rows`);
	whole.reset();
	equal(closed, 1);
	const first = readAll(whole);
	equal(made > 1000, true);
	whole.reset();
	equal(readAll(whole), first);
});

test("the length is known beforehand where it can be", () => {
	const check = (contents: Contents, least: number) => {
		const source = message({ content: compose(contents) });
		const { size } = source;
		const { length } = readAll(source);
		ok(size !== undefined && size >= length && size <= length * 1.06 + least, `${size} for ${length}`);
	};
	for (const length of [0, 1, 2, 3, 47, 48, 49, 191, 192, 193, 1000])
		check({ text: "t", attachments: [file("x", length)] }, 500);
	for (const text of ["", "a\nb\rc\r\n", "é\n".repeat(100), "水\n".repeat(100), "x".repeat(1200), "a é ".repeat(300)])
		check({ text }, 70);
	check({ text: "t", html: "<p>", attachments: [file(), file()] }, 800);
	const rows = new Attachment({ source: new RowsSource(() => ["a"].values()) });
	equal(message({ content: compose({ attachments: [rows] }) }).size, undefined);
});

test("a long name is in the size, too", () => {
	for (const name of ["x".repeat(200), '"'.repeat(200), "ü".repeat(200), "水".repeat(200), "😀".repeat(200)]) {
		const source = message({ content: compose({ attachments: [file(name)] }) });
		const { size } = source;
		const { length } = readAll(source, 500);
		ok(size !== undefined && size >= length, `${size} for ${length}`);
	}
});

test("what a source does short, base64 does whole", () => {
	for (const step of [1, 2, 5, 47, 48, 100, 191]) {
		const all = bytes(700);
		let at = 0;
		const source = {
			read(buffer: Uint8Array) {
				const count = Math.min(step, buffer.length, all.length - at);
				for (let i = 0; i < count; i++) buffer[i] = all[at++]!;
				return count;
			},
			reset() {
				at = 0;
			},
		};
		equal(attached({ source }), attached({ source: new BytesSource(all) }));
	}
});

test("a file in quoted-printable that has been read in part is the same after a reset, wherever its characters are cut", () => {
	const source = new StringSource(`x${"é".repeat(400)}\n`);
	const mail = message({ content: new Attachment({ source, type: "text/plain", encoding: "quoted-printable" }) });
	const whole = readAll(mail);
	for (let reads = 1; reads < 20; reads++) {
		mail.reset();
		for (let i = 0; i < reads; i++) mail.read(new Uint8Array(100));
		mail.reset();
		equal(readAll(mail), whole);
	}
});

test("rows can be a text, too", () => {
	const rows = new RowsSource(function* () {
		yield "hour,cm";
		yield "0,12";
	});
	equal(bodyOf(content({ text: rows })), "hour,cm\r\n0,12\r\n");
});

test("a source that says it has read what it cannot have is refused, and no mail waits for it for ever", () => {
	for (const [count, good] of [-1, Number.NaN, 193, 5000].flatMap((count) => [0, 1, 2].map((good) => [count, good])))
		for (const encoding of ["quoted-printable", "base64"] as const) {
			let reads = 0;
			const source = {
				read: (buffer: Uint8Array) => {
					if (reads > 50) throw new Error("read for ever");
					return reads++ < good! ? buffer.fill(97, 0, 20).length && 20 : count!;
				},
				reset: () => {},
			};
			const attachments = [new Attachment({ source, encoding })];
			equal(
				refusedField(() => content({ attachments })),
				encoding === "base64" ? "attachment" : "text",
				`${count}, ${encoding}`,
			);
			reads = 0;
			equal(
				refusedField(() => content({ text: source })),
				"text",
			);
		}
});
