/** The commands that need the Moddable SDK: sim, build, flash, monitor, and setup, which brings it. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { readConfig } from "../config.js";
import { includesTLS } from "./authorities.js";
import { firmwareAdvice, firmwareProblemsOf } from "./firmware.js";
import {
	type CommandLine,
	EX_CONFIG,
	type Given,
	readCommandLine,
	runCommand,
	UnavailableError,
	UsageError,
} from "./options.js";
import { pinWarnings } from "./pins.js";
import { platformOf } from "./sdk/boards.js";
import { type Built, build, DATA_RAM_BYTES, FLASH_BYTES } from "./sdk/build.js";
import { describeRelease, testedRelease } from "./sdk/release.js";
import { askForSudo, fetchXSDev, setupObstacle, xsDev } from "./sdk/setup.js";
import { findChipTools, findTools, type Tools } from "./sdk/tools.js";
import { choosePort } from "./serial.js";
import { checkConfiguration, configuredValues, manifestPath, readManifest, type Values } from "./settings.js";
import { host } from "./toolchain.js";

const simulator = "sim/nodemcu";

type SDKOption = "board" | "port" | "debug" | "verbose" | "latest";

const board = {
	value: "BOARD",
	help: "what is built for: one of the SDK's boards with an ESP8266 (default: nodemcu)",
};
const port = { value: "PORT", help: "the board's serial port (default: the only one there is)" };
const debug = { help: "with the debugger's help inside: bigger, and `monitor` has something to show" };

const verbose = { help: "show all that the SDK's tools say; otherwise only where the build fails" };

const commands: Record<string, { line: CommandLine<SDKOption>; run(given: Given<SDKOption>): Promise<number> }> = {
	sim: {
		line: {
			usage: "./build.sh sim [--debug] [--verbose]",
			about:
				"Builds the app for the Moddable simulator and starts it there, with the configuration of ./build.sh configure.",
			options: { debug, verbose } as CommandLine<SDKOption>["options"],
		},
		run: simulate,
	},
	build: {
		line: {
			usage: "./build.sh build [--board BOARD] [--debug] [--verbose]",
			about: "Builds the firmware and says where it is and what it takes of flash and RAM.",
			options: { board, debug, verbose } as CommandLine<SDKOption>["options"],
		},
		run: (given) => firmware(given),
	},
	flash: {
		line: {
			usage: "./build.sh flash [--port PORT] [--board BOARD] [--debug] [--verbose]",
			about: "Builds the firmware and writes it to the board.",
			options: { port, board, debug, verbose } as CommandLine<SDKOption>["options"],
		},
		run: (given) => firmware(given, "deploy"),
	},
	monitor: {
		line: {
			usage: "./build.sh monitor [--port PORT] [--board BOARD]",
			about: "Shows what the board says, until Ctrl-C. The board must have been flashed with --debug.",
			options: { port, board } as CommandLine<SDKOption>["options"],
		},
		run: monitor,
	},
	setup: {
		line: {
			usage: "./build.sh setup [--latest]",
			about: `Installs the Moddable SDK ${testedRelease}, which this project was tested with, and the ESP8266 toolchain with ${xsDev}, in your home folder (several GB).`,
			options: {
				latest: { help: "the SDK's newest release instead, whatever comes of it" },
			} as CommandLine<SDKOption>["options"],
		},
		run: setup,
	},
};

async function simulate(given: Given<SDKOption>): Promise<number> {
	const sdk = findTools();
	// The simulator's own Wi-Fi needs no name.
	const values = { ssid: "desk", ...configuredValues() };
	if (!checkConfiguration(values) || !checkFirmware(values)) return EX_CONFIG;
	const output = outputFolder();
	const { status } = await buildApp(sdk, simulator, output, given);
	if (status !== 0) return status;
	const library = resolve(output, "bin", host, "nodemcu", kindOf(given), appName(), "mc.so");
	const simulators = nodeMCU(sdk, output);
	if (process.platform === "darwin")
		return run("open", ["-W", "-a", join(sdk.bin, "mcsim.app"), "--args", simulators, library], sdk.env);
	return run(join(sdk.bin, "mcsim"), [simulators, library], sdk.env);
}

/**
 * The SDK links whatever is in the folder: what is left there of a build with TLS would make the plain firmware larger, so
 * that has its own.
 */
function outputFolder(): string {
	return includesTLS(readManifest(manifestPath())) ? "build/sdk/tls" : "build/sdk";
}

/** A folder with the NodeMCU alone: given all of the SDK's boards, the simulator would start with another one. */
function nodeMCU({ root }: Tools, output: string): string {
	const folder = resolve(output, "simulators");
	for (const name of ["nodemcu", "nodemcu.js"])
		cpSync(join(root, "build", "simulators", name), join(folder, name), { recursive: true });
	return folder;
}

/** @param then what is to be done with it: a target of the SDK's make */
async function firmware(given: Given<SDKOption>, then?: "deploy"): Promise<number> {
	const { sdk, platform, values } = espTools(given);
	if (!checkConfiguration(values) || !checkFirmware(values)) return EX_CONFIG;
	for (const warning of pinWarnings(readConfig(values).config)) process.stderr.write(`${warning}\n`);
	const env = { ...sdk.env, ...(then ? { UPLOAD_PORT: choosePort(given.value("port")) } : {}) };
	const output = outputFolder();
	const file = join(output, "bin", platform, kindOf(given), appName(), "main.bin");
	rmSync(file, { force: true }); // only the linker says what the firmware takes
	const built = await buildApp(sdk, platform, output, given);
	if (built.status !== 0) return built.status;
	describeFirmware(file, built);
	return then ? run("mcconfig", mcconfigOptions(platform, output, then, modeOf(given)), env) : 0;
}

async function monitor(given: Given<SDKOption>): Promise<number> {
	const { sdk, platform, values } = espTools(given);
	if (!checkConfiguration(values)) return EX_CONFIG;
	const env = { ...sdk.env, UPLOAD_PORT: choosePort(given.value("port")) };
	return run("mcconfig", mcconfigOptions(platform, outputFolder(), "xsbug", "-dl"), env);
}

function espTools(given: Given<SDKOption>): { sdk: Tools; platform: string; values: Values } {
	const { root } = findTools();
	const platform = platformOf(given.value("board") ?? "nodemcu", root);
	return { sdk: findChipTools(), platform, values: configuredValues() };
}

/** Says on standard error what the firmware cannot do. @returns whether it can do all that is configured */
function checkFirmware(values: Values): boolean {
	const [first] = firmwareProblemsOf(values);
	if (!first) return true;
	process.stderr.write(`The firmware could not send, so nothing was built. ${first.key}: ${first.problem}.\n`);
	process.stderr.write(`${firmwareAdvice}\n`);
	return false;
}

/** The last lines of a build: where the firmware is, and what it takes of the chip. */
function describeFirmware(file: string, { usage }: Built): void {
	if (!existsSync(file)) return;
	const { flash, ram } = { flash: statSync(file).size, ram: undefined, ...usage };
	process.stdout.write(`\nFirmware: ${file}\nFlash: ${shareOf(flash, FLASH_BYTES)}\n`);
	if (ram !== undefined) process.stdout.write(`RAM: ${shareOf(ram, DATA_RAM_BYTES)}, before it starts\n`);
}

function shareOf(bytes: number, room: number): string {
	const [taken, all] = [bytes, room].map((count) => count.toLocaleString("en"));
	return `${taken} of ${all} bytes (${Math.round((100 * bytes) / room)} %)`;
}

function buildApp({ root, env }: Tools, platform: string, output: string, given: Given<SDKOption>): Promise<Built> {
	process.stdout.write(`Building the app for ${platform} with the Moddable SDK ${describeRelease(root)}\n`);
	const foreign = [root, env.ESP_BASE ?? root];
	const options = { env, verbose: given.flag("verbose"), foreign };
	return build("mcconfig", mcconfigOptions(platform, output, "build", modeOf(given)), options);
}

/** Without `-t`, mcconfig would end every simulator and serial2xsbug that runs on this machine. */
function mcconfigOptions(platform: string, output: string, target: string, mode?: string): string[] {
	mkdirSync(output, { recursive: true });
	const options = [...(mode ? [mode] : []), "-m", "-p", platform, "-o", resolve(output), "-t", target];
	return [...options, manifestPath(), `built=${buildDay()}`];
}

/** The day of the build, in seconds since 1970: no time before it can be right. A day, so that not every build is another. */
function buildDay(): number {
	const seconds = Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000);
	return Math.floor(seconds / 86_400) * 86_400;
}

function modeOf(given: Given<SDKOption>): string | undefined {
	return given.flag("debug") ? "-d" : undefined;
}

/** The folder of the SDK's for what is built that way. */
function kindOf(given: Given<SDKOption>): string {
	return given.flag("debug") ? "debug" : "release";
}

async function setup(given: Given<SDKOption>): Promise<number> {
	const obstacle = setupObstacle();
	if (obstacle) throw new UnavailableError(`${obstacle.problem}\n${obstacle.remedy}`);
	fetchXSDev();
	askForSudo();
	const env = { SHELL: "/bin/bash", ...process.env }; // xs-dev runs it
	const release = given.flag("latest") ? [] : ["--target-branch", testedRelease];
	for (const options of [
		["setup", ...release],
		["setup", "--device", "esp8266"],
	]) {
		const status = await run("npx", ["--yes", xsDev, ...options], env);
		if (status === 0) continue;
		process.stderr.write(
			"\nsetup: xs-dev has failed; what it said is above. When that is mended: ./build.sh setup again.\n",
		);
		return status;
	}
	process.stdout.write("\nDone. Next: ./build.sh configure, then ./build.sh flash\n");
	return 0;
}

/** mcconfig names an app after its folder. */
function appName(): string {
	return basename(process.cwd());
}

function run(command: string, options: string[], env: NodeJS.ProcessEnv): Promise<number> {
	const child = spawn(command, options, { stdio: "inherit", env });
	return new Promise((settle, reject) => {
		child.on("error", (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
		child.on("close", (status) => settle(status ?? 1));
	});
}

const [, , name = ""] = process.argv;
const command = commands[name];
process.argv.splice(2, 1);
await runCommand(name, async (argv) => {
	if (!command) throw new UsageError(`There is no command ${name}.`);
	return command.run(readCommandLine(command.line, argv));
});
