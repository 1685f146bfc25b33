import { deepEqual, equal, ok, test } from "harness";
import { alertLabels, alertPage, alertSubject, alertText } from "mail/alert-template";
import { compose } from "mail/compose";
import { escapeHTML, fill, TemplatePieces } from "mail/template";
import { bodyOf, field, isCanonical, message, readAll, refusedField, render } from "./rendering";

const reading = {
	device: "cellar",
	event: "Water <12 cm> & rising",
	time: "2026-03-01 12:00:00 UTC",
	board: "ESP8266",
	uptime: "1 d 02:03:04",
	memory: 12345,
	signal: "-61 dBm",
};

test("placeholders are filled, wherever they stand", () => {
	equal(fill("", {}), "");
	equal(fill("no placeholder } {", {}), "no placeholder } {");
	equal(fill("{{a}}", { a: "x" }), "x");
	equal(fill("{{a}}{{b}}{{a}}", { a: "x", b: 7 }), "x7x");
	equal(fill("<{{a}}>", { a: "" }), "<>");
	equal(fill("{{a}}{{a}}", { a: "" }), "");
	equal(
		fill(`${"y".repeat(200)}{{a}}${"z".repeat(64)}`, { a: "水".repeat(130) }),
		`${"y".repeat(200)}${"水".repeat(130)}${"z".repeat(64)}`,
	);
});

test("values are looked for in one place after the other, and are not templates themselves", () => {
	equal(fill("{{a}} {{b}}", [{ a: "{{b}}" }, { a: "no", b: "b" }]), "{{b}} b");
});

test("a placeholder without a value or an end is refused before anything is written", () => {
	equal(
		refusedField(() => fill("{{a}}{{b}}", { a: "x" })),
		"b",
	);
	equal(
		refusedField(() => fill("{{constructor}}", {})),
		"constructor",
	);
	equal(
		refusedField(() => fill("{{a", { a: "x" })),
		"template",
	);
});

test("in a page, values are text", () => {
	equal(escapeHTML("a & b < c > \"d\" 'e'"), "a &amp; b &lt; c &gt; &quot;d&quot; &#39;e&#39;");
	equal(escapeHTML("plain"), "plain");
	const pieces = new TemplatePieces("<p>{{a}}</p>", { a: "<script>&".repeat(30) }, escapeHTML);
	const text = bodyOf(render({ content: compose({ html: pieces }) }))
		.replaceAll("=\r\n", "")
		.replaceAll("=3D", "=");
	equal(text, `<p>${"&lt;script&gt;&amp;".repeat(30)}</p>\r\n`);
});

test("line ends in values cannot leave the text, nor enter a subject", () => {
	equal(fill("a {{x}} b", { x: "1\r\nBcc: z" }), "a 1\r\nBcc: z b");
	equal(
		refusedField(() => message({ subject: fill("a {{x}}", { x: "1\r\nBcc: z" }) })),
		"Subject",
	);
});

const alert = (language: keyof typeof alertLabels) => {
	const values = [reading, alertLabels[language]];
	return message({
		subject: fill(alertSubject, values),
		content: compose({
			text: new TemplatePieces(alertText, values),
			html: new TemplatePieces(alertPage, values, escapeHTML),
		}),
	});
};

test("an alert in every language, as text and page, the same after a reset", () => {
	const keys = Object.keys(alertLabels.en);
	for (const language of ["en", "de", "es", "fr", "zh"] as const) {
		deepEqual(Object.keys(alertLabels[language]), keys);
		const source = alert(language);
		const text = readAll(source);
		ok(isCanonical(text));
		source.reset();
		equal(readAll(source, 100), text);
	}
});

test("an alert in English reads well", () => {
	const text = readAll(alert("en"));
	equal(field("Subject", text), "Alert: Water <12 cm> & rising (cellar)");
	const parts = text.split("--=_1_\r\n");
	equal(
		bodyOf(parts[1]!),
		[
			"Water <12 cm> & rising",
			"",
			"Device: cellar",
			"Time: 2026-03-01 12:00:00 UTC",
			"Board: ESP8266",
			"Running for: 1 d 02:03:04",
			"Free memory: 12345",
			"Signal strength: -61 dBm",
			"",
			"-- ",
			"Sent by the device itself. Please do not reply.",
			"",
			"",
		].join("\r\n"),
	);
	ok(parts[2]!.includes("Water &lt;12 cm&gt; &amp; rising</h1>"));
	ok(!parts[2]!.includes("{{"));
});

test("C8: every colour of the page is one that readers know", () => {
	const named = ["transparent", "inherit"];
	let colours = 0;
	for (const [, style] of alertPage.matchAll(/style="([^"]*)"/g))
		for (const declaration of style!.split(";")) {
			const [property, value] = declaration.split(":") as [string, string];
			if (property !== "color" && property !== "background" && !/^border-(?!spacing|radius)/.test(property)) continue;
			const colour = value.split(" ").at(-1)!;
			ok(/^#([0-9a-f]{3}|[0-9a-f]{6})$/.test(colour) || named.includes(colour), declaration);
			colours++;
		}
	equal(colours, 6);
});
