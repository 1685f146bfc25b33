/** A stand-in for the SDK that writes down how it was called. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { folder } from "./command.js";

export const configured = {
	"manifest.json": '{ "config": { "device": "alert" } }',
	"manifest_local.json": `{ "include": "./manifest.json",
		"config": { "ssid": "Home", "smtpSecurity": "none", "smtpHost": "h.example", "from": "a@b.example", "to": "c@d.example" } }`,
};

/** A program that is a shell script. */
export function program(path: string, text: string): void {
	mkdirSync(join(path, ".."), { recursive: true });
	writeFileSync(path, `#!/bin/sh\n${text}\n`);
	chmodSync(path, 0o755);
}

/** A project folder with an SDK and a toolchain that only write down what they were asked. */
export function project(t: TestContext, files: Record<string, string> = configured, says = "", release = "8.2.3") {
	const cwd = folder(t, files);
	const sdk = folder(t);
	const log = join(sdk, "log");
	const host = process.platform === "darwin" ? "mac" : "lin";
	const bin = join(sdk, "build", "bin", host, "release");
	program(join(bin, "mcconfig"), `echo "mcconfig $* port=$UPLOAD_PORT" >> ${log}\n${says}`);
	mkdirSync(join(sdk, "tools"));
	program(join(bin, "mcsim"), `echo "mcsim $*" >> ${log}`);
	for (const board of ["moddable_zero", "nodemcu"])
		program(join(sdk, "build", "devices", "esp", "targets", board, "manifest.json"), "{}");
	program(join(sdk, "build", "simulators", "nodemcu.js"), "");
	program(join(sdk, "build", "simulators", "nodemcu", "0.png"), "");
	writeFileSync(join(sdk, "tools", "VERSION"), `${release}\n`);
	const system = process.platform === "darwin" ? "Darwin" : "Linux";
	program(join(sdk, "toolchain", system, "xtensa-lx106-elf", "bin", "xtensa-lx106-elf-gcc"), "exit 0");
	const env = { MODDABLE: sdk, ESP_BASE: sdk, SOURCE_DATE_EPOCH: "1795996812" }; // the firmware knows the day
	const calls = () => readFileSync(log, "utf8").trimEnd().split("\n");
	return { cwd, sdk, env, calls };
}
