/** `./build.sh doctor`: what is there, what is missing, what to type. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { missingForChip } from "../hardware/chip/build.js";
import { enginePath, engineTarget, hasQEMU, missingForLX106 } from "../hardware/virtual/build-engine.js";
import { configuredAuthorities, day, nameOf } from "./authorities.js";
import { firmwareProblemsOf } from "./firmware.js";
import { type CommandLine, readCommandLine, runCommand } from "./options.js";
import { serialPorts } from "./serial.js";
import { configuredValues, localManifest, problemsOf } from "./settings.js";
import { type Style, styleFor } from "./terminal.js";
import { espCompiler, moddableSDK } from "./toolchain.js";

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
		{ what: "Node.js", found: process.version },
		{ what: "C compiler", found: firstLine("gcc", ["--version"]), remedy: install(apt, "gcc libc6-dev") },
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

function install(apt: boolean, packages: string): string {
	return apt ? `sudo apt-get install ${packages}` : `install ${packages} with your system's packages`;
}

async function realBoard(): Promise<Finding[]> {
	const sdk = moddableSDK();
	const setup = "./build.sh setup";
	const optional = true;
	return [
		{ what: "Moddable SDK", found: sdk?.root, remedy: setup, optional },
		{ what: "mcconfig", found: sdk?.built ? sdk.bin : undefined, remedy: setup, optional },
		{ what: "TypeScript", found: firstLine("node_modules/.bin/tsc", ["--version"]), remedy: "npm ci" },
		{ what: "ESP8266 toolchain", found: espCompiler(), remedy: setup, optional },
		await emulatedESP8266(),
		serialPort(),
	];
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
	const remedy = closed[0]
		? `${closed[0]} is not yours to write: sudo usermod -aG dialout $USER, then log in again`
		: "plug in the board, with a cable that carries data";
	const found = ports.length > 0 && closed.length === 0 ? ports.join(", ") : undefined;
	return { what: "serial port", found, remedy, optional: true };
}

function isWritable(path: string): boolean {
	try {
		accessSync(path, constants.R_OK | constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

function configuration(): Finding {
	const what = "configuration";
	const remedy = "./build.sh configure";
	if (!existsSync(localManifest)) return { what, remedy, optional: true };
	try {
		const values = configuredValues();
		const [first] = [...problemsOf(values), ...firmwareProblemsOf(values)];
		if (first) return { what, problem: `${first.key}: ${first.problem}; ${remedy}`, optional: true };
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
