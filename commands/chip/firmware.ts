/** The app as firmware for the emulated chip: what would be flashed, with the built-in inbox as its mail server. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { build } from "../sdk/build.js";
import { findChipTools } from "../sdk/tools.js";
import { appManifest, tlsManifest, type Values } from "../settings.js";
import { type InboxIdentity, inboxIdentity, type KeyKind } from "./identity.js";

/** Without TLS, or with it and keys of that kind. */
export type Security = "plain" | KeyKind;

export interface Firmware {
	elf: string;
	/** What is in flash from its beginning on: the SDK's bootloader and the app. */
	image: string;
	/** The inbox's, with TLS. */
	identity: InboxIdentity | undefined;
	/** The port that it connects to. */
	port: number;
}

export interface FirmwareOptions {
	security: Security;
	debug: boolean;
	verbose: boolean;
	/** The app's configuration; the mail server's and Wi-Fi's keys are laid over it. */
	values: Values;
}

/** The access point of the emulated chip's. */
export const wifi = { ssid: "chip", password: "open sesame" };
export const host = "mail.example.org";
const ports = { plain: 25, rsa: 587, p256: 587 };

/**
 * Builds it, where it is not up to date.
 * @returns undefined where the build failed, which has been said
 * @throws UnavailableError without the SDK or its toolchain
 */
export async function buildFirmware(options: FirmwareOptions): Promise<Firmware | undefined> {
	const { root, env } = findChipTools();
	const { security, debug, verbose } = options;
	const folder = resolve("build/chip/firmware", security);
	const port = ports[security];
	const identity = security === "plain" ? undefined : inboxIdentity(join(folder, "identity"), host, security);
	const manifest = writeManifest(folder, options, port, identity);
	const args = [
		...(debug ? ["-d"] : []),
		"-m",
		"-p",
		"esp/nodemcu",
		"-t",
		"build",
		"-o",
		join(folder, "out"),
		manifest,
	];
	process.stdout.write(`Building the firmware (${security}${debug ? ", debug" : ""})\n`);
	const foreign = [root, env.ESP_BASE ?? root];
	const { status } = await build("mcconfig", args, { env, verbose, foreign });
	if (status !== 0) return undefined;
	const kind = debug ? "debug" : "release";
	const made = (part: string, name: string) => join(folder, "out", part, "esp/nodemcu", kind, "alert", name);
	const image = join(folder, `flash-${kind}.bin`);
	writeFlash(image, env.ESP_BASE ?? "", made("bin", "main.bin"));
	return { elf: made("tmp", "main.elf"), image, identity, port };
}

/** Where the SDK's make has esptool write the app, behind the bootloader, whose header tells mode, size and clock of the flash. */
const APP_OFFSET = 0x1000;
const DIO = 2;
const FOUR_MB_40_MHZ = 0x40;

function writeFlash(path: string, base: string, app: string): void {
	const bootloader = join(base, "ESP8266_RTOS_SDK", "components", "esp8266", "firmware", "boot_v1.7.bin");
	const image = Buffer.concat([Buffer.alloc(APP_OFFSET, 0xff), readFileSync(app)]);
	readFileSync(bootloader).copy(image);
	image[2] = DIO;
	image[3] = FOUR_MB_40_MHZ;
	writeFileSync(path, image);
}

/** A manifest in a folder that gives the app its name; written only where it is another, for make looks at its date. */
function writeManifest(
	folder: string,
	{ security, values }: FirmwareOptions,
	smtpPort: number,
	identity: InboxIdentity | undefined,
): string {
	const app = join(folder, "alert");
	mkdirSync(app, { recursive: true });
	mkdirSync(join(folder, "out"), { recursive: true });
	const { from = "board@example.org", to = "you@example.org", ...others } = values;
	const server = {
		...{ ...wifi, smtpHost: host, smtpPort, smtpSecurity: security === "plain" ? "none" : "required" },
		...{ smtpUser: "", smtpPassword: "" },
	};
	const manifest = {
		include: relative(app, resolve(security === "plain" ? appManifest : tlsManifest)),
		config: { ...others, from, to, ...server },
		...(identity ? { resources: { "*": relative(app, identity.authority).replace(/\.der$/, "") } } : {}),
	};
	const [path, text] = [join(app, "manifest.json"), `${JSON.stringify(manifest, undefined, "\t")}\n`];
	if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
	return path;
}
