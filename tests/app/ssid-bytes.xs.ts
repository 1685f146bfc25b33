import { deepEqual, test } from "harness";
import { readConfig } from "../../config";

const problemsWith = (ssid: string): string[] => {
	const { problems } = readConfig({
		ssid,
		smtpHost: "mx.example.net",
		from: "board@example.org",
		to: "ada@example.org",
	});
	return problems.map(({ key, problem }) => `${key} ${problem}`);
};

test("a Wi-Fi name's bytes are counted alike on XS, whose characters beyond U+FFFF are no pairs", () => {
	for (const ssid of ["x".repeat(32), "é".repeat(16), "家".repeat(10), "🦆".repeat(8)])
		deepEqual(problemsWith(ssid), []);
	for (const ssid of ["x".repeat(33), "é".repeat(17), "家".repeat(11), "🦆".repeat(9)])
		deepEqual(problemsWith(ssid), ["ssid must have at most 32 bytes"]);
});
