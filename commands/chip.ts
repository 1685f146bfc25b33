/** `./build.sh chip`: the firmware itself on an emulated ESP8266, with an inbox; press the button, read the mail. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingForChip } from "../hardware/chip/build.js";
import { ChipDesk } from "./chip/desk.js";
import { buildFirmware, type Firmware, type Security, wifi } from "./chip/firmware.js";
import { Inbox } from "./inbox.js";
import {
	type CommandLine,
	EX_SOFTWARE,
	type Given,
	integer,
	readCommandLine,
	runCommand,
	UnavailableError,
	UsageError,
} from "./options.js";
import { configuredValues } from "./settings.js";

type Name =
	| ("debug" | "tls" | "once" | "timeout" | "image" | "elf" | "rom")
	| ("costs" | "flash" | "cut" | "wifi-password" | "verbose");

const line: CommandLine<Name> = {
	usage: "./build.sh chip [--debug] [--tls rsa|p256] [--once]",
	about: `Builds the firmware with the Moddable SDK and runs it, instruction by instruction, on an emulated ESP8266, with an inbox on this machine that receives its mail. Keys as with run: Space or Enter presses the button, w takes Wi-Fi away and gives it back, p the power, r pulls the reset pin, q quits. At the end it says what it took. Nothing leaves this machine.`,
	options: {
		debug: { help: "the debug firmware: it says more, on the serial line" },
		tls: { value: "KEYS", help: "by STARTTLS, with certificates of that kind of keys: rsa (2048 bits) or p256" },
		once: { help: "press once and quit, also at a terminal" },
		timeout: { value: "SECONDS", help: "how long to wait for the mail when pressing once (default: 60)" },
		elf: { value: "FILE", help: "run this firmware instead, as the linker leaves it" },
		image: { value: "FILE", help: "the same as it is written to flash; with --elf for its names" },
		rom: { value: "FILE", help: "a dump of the chip's boot ROM, which is then executed (default: $ESP_ROM, if set)" },
		flash: { value: "FILE", help: "what flash holds beyond this run (default: it is gone at the end)" },
		cut: { value: "N", help: "the power goes in the middle of the Nth write or erase of flash" },
		"wifi-password": { value: "TEXT", help: "the access point's (default: the one that the firmware has)" },
		costs: { value: "MODEL", help: "model (default), or none: one cycle an instruction" },
		verbose: { help: "show all that the SDK's tools say" },
	},
	notes:
		"Exit code: 0 the mail has come, 1 it has not, or the chip has stopped; 69 the SDK, its toolchain or libslirp is not here.",
};

async function chip(argv: string[]): Promise<number> {
	const given = readCommandLine(line, argv);
	const timeoutMs = integer("timeout", given.value("timeout") ?? "60", 1, 3600) * 1000;
	const interactive = Boolean(process.stdin.isTTY && process.stdout.isTTY) && !given.flag("once");
	const missing = await missingForChip();
	if (missing.length)
		throw new UnavailableError(
			`The emulated chip needs packages that are not here: apt-get install ${missing.join(" ")}`,
		);
	const firmware = await firmwareOf(given);
	if (!firmware) return EX_SOFTWARE;
	const inbox = await Inbox.start(serverOf(firmware));
	const folder = mkdtempSync(join(tmpdir(), "chip-"));
	const rom = given.value("rom") ?? process.env.ESP_ROM;
	const cut = given.value("cut");
	const desk = new ChipDesk(inbox, {
		elf: firmware.elf,
		...(firmware.image ? { image: firmware.image } : {}),
		...(rom ? { rom } : {}),
		flash: given.value("flash") ?? join(folder, "flash.bin"),
		...(cut === undefined ? {} : { cut: { change: integer("cut", cut, 1, 1_000_000) } }),
		costs: given.value("costs") === "none" ? "none" : "model",
		lives: "many",
		wifi: { ...wifi, password: given.value("wifi-password") ?? wifi.password },
		ports: { [firmware.port]: inbox.port },
	});
	try {
		await desk.powerOn();
		return await (interactive ? desk.untilQuit() : desk.once(timeoutMs));
	} finally {
		await desk.close();
		await inbox.close();
		rmSync(folder, { recursive: true });
	}
}

/** What is to run: the files that are named, or what is built of the app. */
async function firmwareOf(given: Given<Name>): Promise<Firmware | undefined> {
	const security = securityOf(given.value("tls"));
	const [elf, image] = [given.value("elf"), given.value("image")];
	if (image && !elf) throw new UsageError("--image: give --elf, too; without its names Wi-Fi cannot be answered for.");
	if (elf) return { elf, image: image ?? "", identity: undefined, port: 25 };
	const options = { debug: given.flag("debug"), verbose: given.flag("verbose") };
	return buildFirmware({ ...options, security, values: configuredValues() });
}

function securityOf(keys: string | undefined): Security {
	if (keys === undefined) return "plain";
	if (keys === "rsa" || keys === "p256") return keys;
	throw new UsageError(`--tls must be rsa or p256, not "${keys}".`);
}

/** The inbox speaks TLS where the firmware wants it. */
function serverOf({ identity }: Firmware) {
	if (!identity) return {};
	return { name: "mail.example.org", server: { key: identity.key, cert: identity.chain, disabledCommands: [] } };
}

await runCommand("chip", chip);
