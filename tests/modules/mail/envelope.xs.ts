import { deepEqual, equal, ok, test } from "harness";
import { envelope } from "mail/envelope";
import { uniqueId } from "mail/unique";
import { message } from "./rendering";

test("the sender, or else the first author; To, Cc and Bcc without names, each once", () => {
	deepEqual(envelope({ from: "Ada <ada@example.org>" }), { from: "ada@example.org", to: [] });
	deepEqual(
		envelope({
			from: ["Ada <ada@example.org>", "b@example.org"],
			sender: { name: "Board", address: "board@example.org" },
			to: ["c@example.org", { group: "Team", members: ["D <d@example.org>", { address: "e@example.org" }] }],
			cc: '"F, <f>" <f@example.org>',
			bcc: ["g@example.org", "c@example.org"],
		}),
		{
			from: "board@example.org",
			to: ["c@example.org", "d@example.org", "e@example.org", "f@example.org", "g@example.org"],
		},
	);
});

test("identifiers are unique, with and without a clock, and fit a message", () => {
	const seen = new Set<string>();
	for (let i = 0; i < 200; i++) {
		seen.add(uniqueId("example.org"));
		seen.add(uniqueId("example.org", 1_772_366_400_000));
	}
	equal(seen.size, 400);
	ok(uniqueId("example.org", 1_772_366_400_000).startsWith("mm7p6yo0."), uniqueId("example.org", 1_772_366_400_000));
	message({ messageId: uniqueId("[192.0.2.1]", 0) });
});

test("C1: an identifier is ASCII, whatever the domain is", () => {
	for (const domain of ["bücher.example", "例え.テスト", "münchen.de", "🦆.example"]) {
		const id = uniqueId(domain, 0);
		equal(id.length, ArrayBuffer.fromString(id).byteLength, id);
		message({ messageId: id });
		message({ messageId: id, from: `info@${domain}`, utf8: true });
	}
	ok(uniqueId("bücher.example").endsWith("@bfccher.example"));
});
