/** Builds with the SDK, whose make says some hundred lines, and shows of them what matters. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What a board with 1 MB of flash has for firmware. */
export const FLASH_BYTES = 1_023_984;
/** What the linker has for static data and, behind it, the heap (dram0_0_seg): XS takes `creation.static` from what is left. */
export const DATA_RAM_BYTES = 81_920;

/** What firmware takes of the chip, in bytes. */
export interface MemoryUsage {
	flash: number;
	/** Static data. */
	ram: number;
}

export interface BuildOptions {
	env: NodeJS.ProcessEnv;
	/** Whether all that is said is shown as it comes. */
	verbose: boolean;
	/** Folders that are not the user's: warnings about their files are left out. */
	foreign: readonly string[];
}

export interface Built {
	status: number;
	/** Undefined where the linker had nothing to do, or builds no firmware. */
	usage: MemoryUsage | undefined;
}

/** Runs a builder. Where it fails all that it said is shown, on standard error, and what compilers said again below. */
export async function build(command: string, args: readonly string[], options: BuildOptions): Promise<Built> {
	const said: string[] = [];
	const status = await listen(command, args, options.env, (line) => {
		said.push(line);
		if (options.verbose || isDiagnostic(line, options.foreign)) show(`${line}\n`);
		else showStep(line);
	});
	if (process.stdout.isTTY) show("");
	if (status !== 0) {
		const diagnostics = said.filter((line) => isDiagnostic(line, options.foreign));
		const all = options.verbose ? [] : said;
		process.stderr.write([...all, "", "The build failed. What was said is above.", ...diagnostics, ""].join("\n"));
	}
	return { status, usage: usageIn(said.join("\n")) };
}

/** The sizes in what the SDK's make says after linking; undefined where there are none. */
export function usageIn(said: string): MemoryUsage | undefined {
	const [flash, ram] = ["Flash", "Ram"].map((what) => new RegExp(`^# +${what}: *(\\d+) bytes`, "m").exec(said)?.[1]);
	return flash && ram ? { flash: Number(flash), ram: Number(ram) } : undefined;
}

/** Whether a compiler warns of something, or has found an error, in a file that is the user's. */
function isDiagnostic(line: string, foreign: readonly string[]): boolean {
	return /^(?!# |\s).*\b(warning|error)\b.*:/i.test(line) && !foreign.some((folder) => line.startsWith(`${folder}/`));
}

/** Where a person looks on, the step that is under way: it replaces the one before. */
function showStep(line: string): void {
	if (process.stdout.isTTY && line.startsWith("# ")) show(line.slice(2, process.stdout.columns || 80));
}

function show(text: string): void {
	process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${text}` : text);
}

/** @returns the exit code, when all has been heard */
function listen(
	command: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv,
	onLine: (line: string) => void,
): Promise<number> {
	const child = spawn(command, args, { stdio: ["inherit", "pipe", "pipe"], env });
	for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", onLine);
	return new Promise((settle, reject) => {
		child.on("error", (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
		child.on("close", (status) => settle(status ?? 1));
	});
}
