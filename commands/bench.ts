/** `./build.sh bench`: what a mail costs on the chip's processor, counted, and compared with the last time. */
import { describeChange, falls, type Results, readBaseline, rises, writeBaseline } from "../tests/bench/baseline.js";
import { type Costs, type Metric, metrics } from "../tests/bench/measure.js";
import { profile } from "../tests/bench/profile.js";
import { writeReadme } from "../tests/bench/readme.js";
import { runBench } from "../tests/bench/run.js";
import { scenarios } from "../tests/bench/scenarios.js";
import { benchChip } from "./bench/chip.js";
import { showComparison } from "./bench/compare.js";
import { firmwareTable, measureFirmware } from "./bench/firmware.js";
import { chosenEngine, engineOption } from "./engine.js";
import { type CommandLine, readCommandLine, runCommand, UsageError } from "./options.js";
import { styleFor } from "./terminal.js";

const line: CommandLine<"json" | "update" | "profile" | "compare" | "chip" | "engine"> = {
	usage: "./build.sh bench [FILTER] [--json] [--update] [--profile] [--compare] [--chip]",
	about: `Sends mails of all sizes, and runs the app, on an emulated ESP8266 processor, and counts: instructions, memory of XS, octets and round trips. The same sources give the same counts on every machine. FILTER: a part of a scenario's name.`,
	options: {
		json: { help: "print one JSON object instead of a table" },
		update: { help: "make the counts the new baseline (tests/bench/baseline.json, and the table in README.md)" },
		profile: { help: "show which functions execute the instructions" },
		compare: { help: "send the same messages with Python's smtplib, nodemailer and msmtp, too" },
		chip: { help: "run the firmware itself, with and without TLS, on an emulated ESP8266 (takes the Moddable SDK)" },
		engine: {
			...engineOption,
			help: "lx106 (default); l32: the same, with loads as the chip's flash needs them; m32, m64: instructions are not counted",
		},
	},
	notes:
		"Exit code: 1 when a count is more than 2 % above the baseline. tests/bench/README.md says what the counts are.",
	arguments: 1,
};

async function bench(argv: string[]): Promise<number> {
	const given = readCommandLine(line, argv);
	const engine = chosenEngine(given.value("engine")) ?? "lx106";
	if (given.flag("update") && engine !== "lx106") throw new UsageError("--update: the baseline is lx106's.");
	if (given.flag("chip")) return benchChip(given.flag("json"));
	if (given.flag("compare")) return showComparison(engine, given.flag("json"));
	if (given.flag("profile")) return showProfiles(given.arguments[0] ?? "");
	const table = given.flag("json") ? undefined : new Table();
	const results = await runBench(engine, given.arguments[0], (name, costs) => table?.add(name, costs));
	if (Object.keys(results).length === 0) throw new UsageError(`No scenario has "${given.arguments[0]}" in its name.`);
	const firmware = given.arguments.length ? undefined : measureFirmware();
	if (!table) process.stdout.write(`${JSON.stringify({ engine, scenarios: results, firmware }, undefined, "\t")}\n`);
	else if (firmware) process.stdout.write(firmwareTable(firmware));
	if (engine !== "lx106") return 0;
	if (given.flag("update")) {
		writeBaseline(results, given.arguments.length === 0);
		writeReadme(readBaseline());
	}
	return judge(results);
}

/** The functions with a hundredth of the instructions or more, for each mail. */
async function showProfiles(filter: string): Promise<number> {
	for (const scenario of scenarios) {
		if (!scenario.name.includes(filter)) continue;
		const entries = await profile(scenario);
		const total = entries.reduce((sum, { instructions }) => sum + instructions, 0);
		process.stdout.write(`${scenario.name}: ${total.toLocaleString("en")} instructions\n`);
		for (const { name, calls, instructions } of entries) {
			if (instructions < total / 100) break;
			const share = `${((100 * instructions) / total).toFixed(1)} %`;
			const counts = `${instructions.toLocaleString("en").padStart(13)}${calls.toLocaleString("en").padStart(9)}`;
			process.stdout.write(`${share.padStart(8)}${counts}  ${name}\n`);
		}
	}
	return 0;
}

function judge(results: Results): number {
	const { red, green } = styleFor(process.stderr);
	const baseline = readBaseline();
	const worse = rises(results, baseline);
	for (const change of worse) process.stderr.write(`${red("more")}  ${describeChange(change)}\n`);
	for (const change of falls(results, baseline)) process.stderr.write(`${green("less")}  ${describeChange(change)}\n`);
	if (worse.length)
		process.stderr.write("If it has to be so: ./build.sh bench --update, and commit the baseline with it.\n");
	return worse.length ? 1 : 0;
}

/** Rows as they come, with a column for each metric. */
class Table {
	readonly #columns = Object.keys(metrics) as Metric[];
	#begun = false;

	add(name: string, costs: Costs): void {
		if (!this.#begun) this.#write("", (metric) => metrics[metric]);
		this.#begun = true;
		this.#write(name, (metric) => costs[metric]?.toLocaleString("en") ?? "");
	}

	#write(name: string, cell: (metric: Metric) => string): void {
		const cells = this.#columns.map((metric) => cell(metric).padStart(widthOf(metric)));
		process.stdout.write(`${name.padEnd(38)}${cells.join("")}\n`);
	}
}

function widthOf(metric: Metric): number {
	return Math.max(metrics[metric].length, metric === "instructions" ? 13 : metric.startsWith("bytes") ? 9 : 8) + 2;
}

await runCommand("bench", bench);
