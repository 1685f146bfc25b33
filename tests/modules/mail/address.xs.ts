import { equal, ok, test } from "harness";
import type { AddressList } from "mail/address";
import { field, message, refusedField, render } from "./rendering";

const to = (list: AddressList, utf8 = false) => field("To", render({ to: list, utf8 }))!;

test("an address, with a name, or several", () => {
	equal(to("ada@example.org"), "ada@example.org");
	equal(to("Ada Lovelace <ada@example.org>"), "Ada Lovelace <ada@example.org>");
	equal(to("<ada@example.org>"), "ada@example.org");
	equal(to({ address: "ada@example.org" }), "ada@example.org");
	equal(to({ name: "", address: "ada@example.org" }), "ada@example.org");
	equal(to(["a@b", { name: "C", address: "c@d" }]), "a@b, C <c@d>");
});

test("names are quoted where they must be", () => {
	const named = (name: string) => to({ name, address: "a@b" });
	equal(named("Anne-Marie Smith_2"), "Anne-Marie Smith_2 <a@b>");
	equal(named("O'Neil-Smith & Co"), '"O\'Neil-Smith & Co" <a@b>');
	equal(named("Doe, John (x)"), '"Doe, John (x)" <a@b>');
	equal(named('"J" \\ <K>'), '"\\"J\\" \\\\ <K>" <a@b>');
	equal(named("a.b"), '"a.b" <a@b>');
	equal(named("a  b"), '"a  b" <a@b>');
	equal(named(" a"), '" a" <a@b>');
	equal(named("a "), '"a " <a@b>');
	equal(to('"Doe, John" <a@b>'), '"Doe, John" <a@b>');
	equal(to("Doe, John   <a@b>"), '"Doe, John" <a@b>');
});

test("C5: a name keeps its quotes, and what is in them", () => {
	equal(to('"Ada\'s Cellar" <a@b>'), '"Ada\'s Cellar" <a@b>');
	equal(to('"Ada" <a@b>'), '"Ada" <a@b>');
	equal(to('"Ada"<a@b>'), '"Ada" <a@b>');
	equal(to(' "Ada"  <a@b>'), '"Ada" <a@b>');
	equal(to('"Ada \\"the Countess\\" Lovelace" <a@b>'), '"Ada \\"the Countess\\" Lovelace" <a@b>');
	equal(to('"back\\\\slash" <a@b>'), '"back\\\\slash" <a@b>');
	equal(to('"\\A\\d\\a" <a@b>'), '"Ada" <a@b>');
	equal(to('"Ada <3" <a@b>'), '"Ada <3" <a@b>');
	equal(to('"c@d" <a@b>'), '"c@d" <a@b>');
	equal(to('"Ada" "Lovelace" <a@b>'), '"Ada Lovelace" <a@b>');
	equal(to('"  " <a@b>'), '"  " <a@b>');
	equal(to('"" <a@b>'), "a@b");
	equal(to('"Zoë" <a@b>'), "=?UTF-8?Q?Zo=C3=AB?= <a@b>");
	equal(to('"Zoë \\"Z\\"" <a@b>'), "=?UTF-8?B?Wm/DqyAiWiI=?= <a@b>");
	equal(to({ group: "Team", members: ['"E.F." <e@f>', "g@h"] }), 'Team: "E.F." <e@f>, g@h;');
	equal(to(['"C" <c@d>', { group: "Team", members: ["g@h"] }]), '"C" <c@d>, Team: g@h;');
});

test("C5: an apostrophe without quotes, which Yahoo refuses, gets some", () => {
	equal(to("Ada's Cellar <a@b>"), '"Ada\'s Cellar" <a@b>');
	equal(to({ name: "Ada's Cellar", address: "a@b" }), '"Ada\'s Cellar" <a@b>');
});

test("C2: dots that an atom has not are quoted (RFC 5321, 4.1.2)", () => {
	equal(to("a..b@docomo.example"), '"a..b"@docomo.example');
	equal(to('"a..b"@docomo.example'), '"a..b"@docomo.example');
	equal(to("a.@b"), '"a."@b');
	equal(to(".a@b"), '".a"@b');
	equal(to("...@b"), '"..."@b');
	equal(to("Ada <a.b.@c>"), 'Ada <"a.b."@c>');
	equal(to({ name: "Ada", address: ".a..b.@c" }), 'Ada <".a..b."@c>');
	equal(to(["x@y", "a..b@c", "a.b@c.d"]), 'x@y, "a..b"@c, a.b@c.d');
	equal(to("ő..ő@b", true), '"\xc5\x91..\xc5\x91"@b');
	equal(to("a.b@c"), "a.b@c");
});

test("names of other scripts, long ones and those that look encoded are encoded", () => {
	const named = (name: string) => to({ name, address: "a@b" });
	equal(named("Zoë"), "=?UTF-8?Q?Zo=C3=AB?= <a@b>");
	equal(named("=?x?="), "=?UTF-8?B?PT94Pz0=?= <a@b>");
	ok(named("x".repeat(60)).startsWith("xxx"));
	ok(named("x".repeat(61)).startsWith("\r\n =?UTF-8?Q?xxx"));
});

test("long names are folded at their spaces; what fits in one encoded word is not cut in two", () => {
	const long = "one two three four five six seven eight nine ten eleven twelve thirteen";
	const folded = "one two three four five six seven eight nine ten eleven twelve\r\n thirteen";
	equal(to({ name: long, address: "a@b" }), `${folded} <a@b>`);
	equal(to({ name: `${long},`, address: "a@b" }), `"${folded}," <a@b>`);
	equal(
		to(["someone.with.a.long.name@example.org", { name: "Wächter im Café am Ufer, unten", address: "a@b" }]),
		"someone.with.a.long.name@example.org,\r\n =?UTF-8?Q?W=C3=A4chter_im_Caf=C3=A9_am_Ufer=2C_unten?= <a@b>",
	);
});

test("groups, empty ones too, between mailboxes", () => {
	equal(
		to([
			"a@b",
			{ group: "Team", members: ["c@d", "E <e@f>"] },
			{ group: "undisclosed-recipients", members: [] },
			"g@h",
		]),
		"a@b, Team: c@d, E <e@f>;, undisclosed-recipients:;, g@h",
	);
	equal(to({ group: "Größe, alle", members: ["a@b"] }), "=?UTF-8?B?R3LDtsOfZSwgYWxsZQ==?= : a@b;");
});

test("lists are folded between mailboxes", () => {
	const list = Array.from({ length: 20 }, (_, i) => ({ name: `Person ${i}`, address: `person${i}@example.org` }));
	const lines = `To: ${to(list)}`.split("\r\n");
	for (const line of lines) ok(line.length <= 77, line);
	equal(lines.join(""), `To: ${list.map(({ name, address }) => `${name} <${address}>`).join(", ")}`);
});

test("addresses of every form", () => {
	for (const address of [
		'"john smith"@example.org',
		'"a\\"b"@c',
		"a+b/c=d@e-f.g",
		"a@[192.0.2.1]",
		"a@[IPv6:::1]",
		`${"x".repeat(64)}@${"y".repeat(255)}`,
	])
		equal(to(address), address);
});

test("what is no address is refused", () => {
	for (const wrong of [
		"",
		"a",
		"@b",
		"a@",
		"a@b@c",
		"a b@c",
		"a@b c",
		"a@b,c@d",
		"a@b;c",
		"(a)@b",
		"a@b>",
		"<a@b",
		"a\\@b",
		'"a@b',
		'"a"b@c',
		"<>",
		"A <>",
		"A <a>",
		`a@${"b".repeat(320)}`,
	])
		equal(
			refusedField(() => message({ to: wrong })),
			"To",
		);
	equal(
		refusedField(() => message({ to: '"a\\" <a@b>' })),
		"To",
	);
});

test("other scripts in an address only where the server takes them", () => {
	equal(
		refusedField(() => message({ to: "jőhn@exämple.org" })),
		"To",
	);
	const utf8 = to("jőhn@exämple.org", true);
	equal(utf8, "j\xc5\x91hn@ex\xc3\xa4mple.org");
	ok(to(`${"ő".repeat(150)}@b`, true).length === 302);
});
