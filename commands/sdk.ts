/** The commands that need the Moddable SDK: sim, build, flash, monitor, and setup, which brings it. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, statSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import { firmwareAdvice, firmwareProblemsOf } from "./firmware.js";
import { type CommandLine, EX_CONFIG, type Given, readCommandLine, runCommand, UsageError } from "./options.js";
import { choosePort } from "./serial.js";
import { checkConfiguration, configuredValues, manifestPath, type Values } from "./settings.js";
import { espCompiler, host, moddableSDK } from "./toolchain.js";

const xsDev = "xs-dev@0.30.3";
const output = "build/sdk";
const simulator = "sim/nodemcu";
/** What a board with 1 MB of flash has for firmware. */
const FLASH_BYTES = 1_023_984;

interface Tools {
	root: string;
	bin: string;
	env: NodeJS.ProcessEnv;
}

type SDKOption = "board" | "port" | "debug";

const board = {
	value: "BOARD",
	help: 'what is built for: "nodemcu" or any other of the SDK\'s esp/... (default: nodemcu)',
};
const port = { value: "PORT", help: "the board's serial port (default: the only one there is)" };
const debug = { help: "with the debugger's help inside: bigger, and `monitor` has something to show" };

const commands: Record<string, { line: CommandLine<SDKOption>; run(given: Given<SDKOption>): Promise<number> }> = {
	sim: {
		line: {
			usage: "./build.sh sim [--debug]",
			about:
				"Builds the app for the Moddable simulator and starts it there, with the configuration of ./build.sh configure.",
			options: { debug } as CommandLine<SDKOption>["options"],
		},
		run: simulate,
	},
	build: {
		line: {
			usage: "./build.sh build [--board BOARD] [--debug]",
			about: "Builds the firmware and says where it is and what it takes of the flash.",
			options: { board, debug } as CommandLine<SDKOption>["options"],
		},
		run: (given) => firmware(given, ["build"]),
	},
	flash: {
		line: {
			usage: "./build.sh flash [--port PORT] [--board BOARD] [--debug]",
			about: "Builds the firmware and writes it to the board.",
			options: { port, board, debug },
		},
		run: (given) => firmware(given, ["build", "deploy"]),
	},
	monitor: {
		line: {
			usage: "./build.sh monitor [--port PORT] [--board BOARD]",
			about: "Shows what the board says, until Ctrl-C. The board must have been flashed with --debug.",
			options: { port, board } as CommandLine<SDKOption>["options"],
		},
		run: (given) => firmware(given, ["xsbug"], "-dl"),
	},
	setup: {
		line: {
			usage: "./build.sh setup",
			about: `Installs the Moddable SDK and the ESP8266 toolchain with ${xsDev}, in your home folder (several GB).`,
			options: {} as CommandLine<SDKOption>["options"],
		},
		run: setup,
	},
};

async function simulate(given: Given<SDKOption>): Promise<number> {
	const sdk = findTools();
	// The simulator's own Wi-Fi needs no name.
	const values = { ssid: "desk", ...configuredValues() };
	if (!checkConfiguration(values) || !checkFirmware(values)) return EX_CONFIG;
	const built = await mcconfig(sdk, simulator, ["build"], given.flag("debug") ? "-d" : undefined);
	if (built !== 0) return built;
	const library = resolve(
		output,
		"bin",
		host,
		"nodemcu",
		given.flag("debug") ? "debug" : "release",
		appName(),
		"mc.so",
	);
	const simulators = nodeMCU(sdk);
	if (process.platform === "darwin")
		return run("open", ["-W", "-a", join(sdk.bin, "mcsim.app"), "--args", simulators, library], sdk.env);
	return run(join(sdk.bin, "mcsim"), [simulators, library], sdk.env);
}

/** A folder with the NodeMCU alone: given all of the SDK's boards, the simulator would start with another one. */
function nodeMCU({ root }: Tools): string {
	const folder = resolve(output, "simulators");
	for (const name of ["nodemcu", "nodemcu.js"])
		cpSync(join(root, "build", "simulators", name), join(folder, name), { recursive: true });
	return folder;
}

async function firmware(given: Given<SDKOption>, targets: string[], mode?: string): Promise<number> {
	const sdk = findTools();
	const platform = platformOf(given.value("board") ?? "nodemcu");
	const needsPort = !targets.every((target) => target === "build");
	if (platform.split("/")[0] === "esp" && !espCompiler())
		throw new Error(
			"The ESP8266 toolchain is not here: there is no compiler below ESP_BASE.\nInstall it: ./build.sh setup",
		);
	const values = configuredValues();
	const builds = targets.includes("build");
	if (!checkConfiguration(values) || (builds && !checkFirmware(values))) return EX_CONFIG;
	const env = needsPort ? { UPLOAD_PORT: choosePort(given.value("port")) } : {};
	const debugging = mode ?? (given.flag("debug") ? "-d" : undefined);
	const status = await mcconfig({ ...sdk, env: { ...sdk.env, ...env } }, platform, targets, debugging);
	if (status === 0 && builds) describeFirmware(platform, debugging !== undefined);
	return status;
}

/** Says on standard error what the firmware cannot do. @returns whether it can do all that is configured */
function checkFirmware(values: Values): boolean {
	const [first] = firmwareProblemsOf(values);
	if (!first) return true;
	process.stderr.write(`The firmware could not send, so nothing was built. ${first.key}: ${first.problem}.\n`);
	process.stderr.write(`${firmwareAdvice}\n`);
	return false;
}

/** The last line of a build: where the firmware is, and how much of the flash it fills. */
function describeFirmware(platform: string, debugging: boolean): void {
	const file = join(output, "bin", platform, debugging ? "debug" : "release", appName(), "main.bin");
	if (!existsSync(file)) return;
	const { size } = statSync(file);
	const share = Math.round((100 * size) / FLASH_BYTES);
	const [bytes, room] = [size, FLASH_BYTES].map((count) => count.toLocaleString("en"));
	process.stdout.write(`\nFirmware: ${file}, ${bytes} of the ${room} bytes there are for it (${share} %)\n`);
}

/** Without `-t`, mcconfig would end every simulator and serial2xsbug that runs on this machine. */
function mcconfig(sdk: Tools, platform: string, targets: string[], mode?: string): Promise<number> {
	mkdirSync(output, { recursive: true });
	const options = ["-m", "-p", platform, "-o", resolve(output), ...targets.flatMap((target) => ["-t", target])];
	return run("mcconfig", [...(mode ? [mode] : []), ...options, manifestPath()], sdk.env);
}

async function setup(): Promise<number> {
	for (const options of [["setup"], ["setup", "--device", "esp8266"]]) {
		const status = await run("npx", ["--yes", xsDev, ...options], process.env);
		if (status !== 0) return status;
	}
	process.stdout.write("\nDone. Next: ./build.sh configure, then ./build.sh flash\n");
	return 0;
}

function findTools(): Tools {
	const sdk = moddableSDK();
	if (!sdk) throw new Error("The Moddable SDK is not here: MODDABLE is not set.\nInstall it: ./build.sh setup");
	const { root, bin, built } = sdk;
	if (!built) throw new Error(`The Moddable SDK at ${root} is not built: there is no mcconfig in ${bin}.`);
	// mcconfig runs the first tsc on PATH; ours is the one that the project compiles with.
	const path = [resolve("node_modules/.bin"), bin, process.env.PATH].join(delimiter);
	return { root, bin, env: { ...process.env, PATH: path } };
}

function platformOf(name: string): string {
	return name.includes("/") || name === "esp" ? name : `esp/${name}`;
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
