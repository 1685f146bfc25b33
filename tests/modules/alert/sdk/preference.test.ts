/**
 * What a loss of power does to records in flash, by the SDK's own preference code for the ESP8266: before each call of its that
 * writes or erases, and before each word of them. After each the journal's start is played: what it cannot read it removes.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { suite, test } from "node:test";

const sdk = process.env.MODDABLE ?? "";
const source = join(sdk, "modules", "files", "preference");
const name = "the SDK's preferences, with the power going away";

/** Records as the journal writes them: what happened is said by the long one only. */
const short = (i: number) => `mi6x3v28 1 0000${(i + 46).toString(36)}`;
const long = (i: number) =>
	`mi6x3v28 1 0000${(i + 46).toString(36)} ${"water in the cellar, as high as the stairs".slice(0, 42)}`;

type Records = Record<string, string>;

/** A flash, and what is done with it. */
class Flash {
	readonly lines: string[] = ["n"];

	set(key: string, value: string, domain = "alerts"): this {
		this.lines.push(`+\t${domain}\t${key}\t${value}`);
		return this;
	}

	delete(key: string, domain = "alerts"): this {
		this.lines.push(`-\t${domain}\t${key}`);
		return this;
	}
}

function build(): string {
	const folder = resolve("build/tests/tests/modules/alert/sdk");
	const program = join(folder, "preference");
	mkdirSync(folder, { recursive: true });
	const headers = ["tests/modules/alert/sdk", source, join(source, "esp")].flatMap((path) => ["-I", path]);
	const options = ["-std=gnu99", "-O1", "-w", ...headers, "-o", program, "tests/modules/alert/sdk/preference.c"];
	const { status, stderr } = spawnSync("cc", options, { encoding: "utf8" });
	assert.equal(status, 0, stderr);
	return program;
}

function answers(program: string, lines: readonly string[]): string[] {
	const { stdout, status } = spawnSync(program, {
		input: `${lines.join("\n")}\n`,
		encoding: "latin1",
		maxBuffer: 1 << 26,
	});
	assert.equal(status, 0);
	return stdout.split("\n").slice(0, -1);
}

const recordsIn = (answer = ""): Records => {
	const fields = answer.split("\t");
	const records: Records = {};
	for (let i = 0; i + 1 < fields.length; i += 2) records[fields[i] ?? ""] = fields[i + 1] ?? "";
	return records;
};

interface Outcome {
	cuts: number;
	/** Cuts after which a record that was not touched is gone, or the one that was neither old nor new. */
	lost: number;
	/** Cuts after which a new record is not kept. */
	deaf: number;
	/** Of these, cuts after which the SDK's code does not end. */
	endless: number;
}

/** Cuts the power in what is done last, before each step of it. */
function cutEverywhere(program: string, before: Flash, doing: (flash: Flash) => void, by: "calls" | "words"): Outcome {
	const whole = new Flash();
	doing(whole);
	const [operation = ""] = whole.lines.slice(1);
	const touched = operation.split("\t")[2] ?? "";
	const [first = "", then = ""] = answers(program, [...before.lines, "?\talerts", operation, "?\talerts"])
		.slice(-3)
		.filter((_, i) => i !== 1);
	const [old, young] = [recordsIn(first), recordsIn(then)];
	const known = new Set([...Object.values(old), ...Object.values(young)]);
	const outcome: Outcome = { cuts: 0, lost: 0, deaf: 0, endless: 0 };
	for (let steps = 0; ; steps++) {
		const cut = answers(program, [...before.lines, `p\t${by}\t${steps}`, operation, "?\talerts"]).slice(-2);
		if (cut[0] !== "cut") return outcome;
		outcome.cuts++;
		// the journal's start: what it cannot read is removed, and then an alert is raised
		const broken = Object.entries(recordsIn(cut[1])).filter(([, value]) => !known.has(value));
		const mending = broken.map(([key]) => `-\talerts\t${key}`);
		const again = [...before.lines, `p\t${by}\t${steps}`, operation, ...mending];
		const said = answers(program, [...again, "?\talerts", `+\talerts\tnew.1\t${short(30)}`, "?\talerts"]);
		if (said.at(-1) === "hang") outcome.endless++;
		const [found, , raised] = said.at(-1) === "hang" ? said.slice(-2) : said.slice(-3);
		const present = recordsIn(found);
		const isKept = Object.keys(old).every((key) => key === touched || present[key] === old[key]);
		const isWhole = [old[touched], young[touched]].includes(present[touched]);
		if (!isKept || !isWhole) outcome.lost++;
		else if (recordsIn(raised)["new.1"] !== short(30)) outcome.deaf++;
	}
}

/** Attempts that begin, until the next one makes the SDK compact the flash; `times`: how often it has before. */
function full(program: string, times: number): Flash {
	const flash = three();
	for (let i = 0; ; i++) {
		const attempt = `${i % 10} a.1`;
		const next = ["p\tcalls\t4", `+\tattempt\tattempt\t${attempt}`]; // by itself it takes two
		if (answers(program, [...flash.lines, ...next]).at(-1) === "cut" && times-- === 0) return flash;
		flash.set("attempt", attempt, "attempt");
	}
}

const three = () => new Flash().set("a.1", short(1)).set("a.2", long(2)).set("a.3", short(3));

if (!existsSync(source)) test(name, { skip: "MODDABLE is not set: it takes the Moddable SDK" }, () => {});
else
	suite(name, () => {
		const program = build();
		const attempt = (flash: Flash) => flash.set("attempt", "1 a.1", "attempt");

		/** What is done; after how many of the calls, and of the words, a cut loses a record, and lets none be written. */
		const cases: [string, Flash, (flash: Flash) => void, calls: [number, number], words: [number, number]][] = [
			["a short record is written", three(), (flash) => flash.set("a.4", short(4)), [0, 0], [0, 2]],
			["a long record is written", three(), (flash) => flash.set("a.4", long(4)), [0, 0], [0, 2]],
			["a short record is removed", three(), (flash) => flash.delete("a.1"), [0, 0], [6, 0]],
			["a long record is removed", three(), (flash) => flash.delete("a.2"), [1, 0], [16, 0]],
			["a record is set anew under its key", three(), (flash) => flash.set("a.1", short(9)), [1, 0], [15, 0]],
			["the first sector is compacted into the second", full(program, 0), attempt, [0, 0], [0, 9]],
			["the second sector is compacted into the first", full(program, 1), attempt, [3, 0], [35, 9]],
		];
		for (const [what, before, doing, ...expected] of cases)
			for (const [i, by] of (["calls", "words"] as const).entries())
				test(`${what}, and the power goes between ${by}`, (t) => {
					const { cuts, lost, deaf, endless } = cutEverywhere(program, before, doing, by);
					t.diagnostic(`${cuts} cuts: ${lost} lose a record, ${deaf} let none be written (${endless} without end)`);
					const [mostLost = 0, mostDeaf = 0] = expected[i] ?? [];
					assert.ok(lost <= mostLost && deaf <= mostDeaf, `${lost} lost, ${deaf} deaf`);
				});

		test("a record is renewed under its other key, and the power goes between calls: one of both is there", (t) => {
			for (const [record, most] of [
				[short, 0],
				[long, 1], // within its removal, which takes two calls
			] as const) {
				const before = new Flash().set("a.1", record(1)).lines;
				const renewing = [`+\talerts\ta.1-\t${record(2)}`, "-\talerts\ta.1"];
				let lost = 0;
				for (let done = 0; done < 2; done++)
					for (let steps = 0; steps < 3; steps++) {
						const cut = [`p\tcalls\t${steps}`, renewing[done] ?? "", "p\tcalls\t-1", "?\talerts"];
						const values = Object.values(
							recordsIn(answers(program, [...before, ...renewing.slice(0, done), ...cut]).at(-1)),
						);
						if (!values.includes(record(1)) && !values.includes(record(2))) lost++;
					}
				t.diagnostic(`6 cuts: ${lost} lose the record`);
				assert.ok(lost <= most, `${lost}`);
			}
		});
	});
