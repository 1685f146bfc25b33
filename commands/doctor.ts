/** `./build.sh doctor`: what is there, what is missing, what to type. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statfsSync } from "node:fs";
import { resolve } from "node:path";
import { readConfig } from "../config.js";
import { missingForChip } from "../hardware/chip/build.js";
import { enginePath, engineTarget, hasQEMU, missingForLX106 } from "../hardware/virtual/build-engine.js";
import { configuredAuthorities, day, nameOf } from "./authorities.js";
import { firmwareProblemsOf } from "./firmware.js";
import { type CommandLine, readCommandLine, runCommand } from "./options.js";
import { pinWarnings } from "./pins.js";
import { describeRelease } from "./sdk/release.js";
import { setupObstacle } from "./sdk/setup.js";
import { closedPort, isWritable, serialPorts } from "./serial.js";
import { configuredValues, localManifest, problemsOf } from "./settings.js";
import { type Style, styleFor } from "./terminal.js";
import { espCompiler, moddableSDK, pathProblem } from "./toolchain.js";

const line: CommandLine<never> = {
	usage: "./build.sh doctor",
	about:
		"Looks at this machine and says what is there, what is missing and what to type. Exit code 0 when the virtual board can run, 1 when something for it is missing.",
	options: {},
};

interface Finding {
	what: string;
	/** What there is; undefined: it is missing. */
	found?: string;
	/** What to type where it is missing. */
	remedy?: string;
	/** What is wrong with it: it is there, but of no use. */
	problem?: string;
	/** Works without it; the remedy says what is lost. */
	optional?: boolean;
}

/** What a command prints first, or undefined where it is missing or fails. */
function firstLine(command: string, options: string[]): string | undefined {
	const { status, stdout } = spawnSync(command, options, { encoding: "utf8" });
	return status === 0 ? (stdout.split("\n")[0] ?? "") : undefined;
}

async function virtualBoard(): Promise<Finding[]> {
	const target = await engineTarget();
	const apt = existsSync("/usr/bin/apt-get");
	const missing = await missingForLX106();
	const emulator = (await hasQEMU()) ? "in QEMU" : "on the project's own core";
	return [
		node(),
		packages(),
		disk(),
		compiler(apt),
		{ what: "make", found: firstLine("make", ["--version"]), remedy: install(apt, "make") },
		{
			what: "32-bit programs",
			found: target === "m32" ? "yes: memory figures as on the chip" : undefined,
			remedy: `${install(apt, "gcc-multilib")} (without, the memory figures are not the chip's)`,
			optional: true,
		},
		{
			what: "emulated chip",
			found: missing.length
				? undefined
				: `yes, ${emulator}: ./build.sh bench, and --engine lx106 of run, send and test`,
			remedy: `${install(apt, missing.join(" "))} (without, no bench and no --engine lx106)`,
			optional: true,
		},
		{ what: "engine", found: existsSync(enginePath(".", target)) ? "built" : "not built yet; ./build.sh does it" },
	];
}

/** build.sh looks for it before, and brings one where there is none; so this one is new enough. */
function node(): Finding {
	const own = process.execPath.startsWith(resolve("commands/node"));
	const { engines } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
	return { what: "Node.js", found: `${process.version}${own ? ", fetched for this project" : ""} (${engines.node})` };
}

function packages(): Finding {
	const what = "packages";
	if (!existsSync("node_modules/.package-lock.json")) return { what, remedy: "./build.sh brings them", optional: true };
	const { packages } = JSON.parse(readFileSync("node_modules/.package-lock.json", "utf8")) as { packages: object };
	return { what, found: `${Object.keys(packages).length} from npm: no network is needed any more` };
}

/** What is built takes some hundred megabytes. */
function disk(): Finding {
	const { bavail, bsize } = statfsSync(".");
	const free = `${((bavail * bsize) / 1e9).toFixed(1)} GB free`;
	return {
		what: "disk",
		...(bavail * bsize < 5e8 ? { problem: `${free}: too little to build anything` } : { found: free }),
	};
}

/** One that is there, but without the C library's headers, is of no use. */
function compiler(apt: boolean): Finding {
	const what = "C compiler";
	const remedy = install(apt, "gcc libc6-dev");
	const found = firstLine("gcc", ["--version"]);
	const options = ["-x", "c", "-fsyntax-only", "-"];
	const works = spawnSync("gcc", options, { input: "#include <stdio.h>\n#include <math.h>\n" }).status === 0;
	return found !== undefined && !works ? { what, problem: `it finds no stdio.h: ${remedy}` } : { what, found, remedy };
}

function install(apt: boolean, packages: string): string {
	return apt ? `sudo apt-get install ${packages}` : `install ${packages} with your system's packages`;
}

async function realBoard(): Promise<Finding[]> {
	const sdk = moddableSDK();
	const setup = "./build.sh setup";
	const optional = true;
	return [
		folder(),
		{ what: "Moddable SDK", found: sdk && `${sdk.root}: ${describeRelease(sdk.root)}`, remedy: setup, optional },
		{ what: "mcconfig", found: sdk?.built ? sdk.bin : undefined, remedy: setup, optional },
		{ what: "TypeScript", found: firstLine("node_modules/.bin/tsc", ["--version"]), remedy: "npm ci" },
		{ what: "ESP8266 toolchain", found: espCompiler(), remedy: setup, optional },
		...(sdk && espCompiler() ? [] : setupProblem()),
		await emulatedESP8266(),
		serialPort(),
	];
}

/** What would keep `./build.sh setup` from its work. */
function setupProblem(): Finding[] {
	const obstacle = setupObstacle();
	return obstacle ? [{ what: "setup", problem: `${obstacle.problem} ${obstacle.remedy}`, optional: true }] : [];
}

/** Where the SDK's make has to work. */
function folder(): Finding {
	const places = [process.cwd(), process.env.MODDABLE ?? "", process.env.ESP_BASE ?? ""];
	const problem = places.map(pathProblem).find((it) => it !== undefined);
	return { what: "folder", optional: true, ...(problem ? { problem } : { found: process.cwd() }) };
}

/** What runs the firmware where no board is at hand. */
async function emulatedESP8266(): Promise<Finding> {
	const missing = await missingForChip();
	return {
		what: "emulated ESP8266",
		...(missing.length ? {} : { found: "yes: ./build.sh chip runs the firmware without a board" }),
		remedy: `${install(existsSync("/usr/bin/apt-get"), missing.join(" "))} (without, no ./build.sh chip)`,
		optional: true,
	};
}

function serialPort(): Finding {
	const ports = serialPorts();
	const closed = ports.filter((port) => !isWritable(port));
	const remedy = closed[0] ? closedPort(closed[0]) : "plug in the board, with a cable that carries data";
	const found = ports.length > 0 && closed.length === 0 ? ports.join(", ") : undefined;
	return { what: "serial port", found, remedy, optional: true };
}

function configuration(): Finding {
	const what = "configuration";
	const remedy = "./build.sh configure";
	if (!existsSync(localManifest)) return { what, remedy, optional: true };
	try {
		const values = configuredValues();
		const [first] = [...problemsOf(values), ...firmwareProblemsOf(values)];
		if (first) return { what, problem: `${first.key}: ${first.problem}; ${remedy}`, optional: true };
		const [pin] = pinWarnings(readConfig(values).config);
		if (pin) return { what, problem: pin, optional: true };
	} catch (error) {
		return { what, problem: (error as Error).message, optional: true };
	}
	const authorities = configuredAuthorities().map((it) => `${nameOf(it)} until ${day(it.validTo)}`);
	return { what, found: [localManifest, ...authorities].join(", ") };
}

function describe({ what, found, remedy, problem, optional }: Finding, style: Style): string {
	const name = what.padEnd(20);
	if (problem !== undefined) return `  ${style.yellow("problem")}  ${name}${problem}`;
	if (found !== undefined) return `  ${style.green("ok")}       ${name}${style.dim(found)}`;
	return `  ${optional ? style.yellow("missing") : style.red("MISSING")}  ${name}${remedy ?? ""}`;
}

async function doctor(argv: string[]): Promise<number> {
	readCommandLine(line, argv);
	const style = styleFor(process.stdout);
	const needed = await virtualBoard();
	const print = (title: string, findings: Finding[]) => {
		process.stdout.write(`${style.bold(title)}\n${findings.map((finding) => describe(finding, style)).join("\n")}\n`);
	};
	print("For the virtual board", needed);
	print("For a real board", [...(await realBoard()), configuration()]);
	return needed.some((finding) => finding.found === undefined && !finding.optional) ? 1 : 0;
}

await runCommand("doctor", doctor);
