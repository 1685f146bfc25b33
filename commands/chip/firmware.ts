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
	/** As it is written to flash. */
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
	return { elf: made("tmp", "main.elf"), image: made("bin", "main.bin"), identity, port };
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
