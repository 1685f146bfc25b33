/** What stands for the SDK's folder: a path that begins with it is not read, for the board offers what is there. */
const sdk = "/$(MODDABLE)";

/** The variables every manifest may use: they lead into the SDK. */
const given: Readonly<Record<string, string>> = {
	MODDABLE: sdk,
	BUILD: `${sdk}/build`,
	BUILD_SIMULATOR: `${sdk}/build/simulators`,
	MODULES: `${sdk}/modules`,
	COMMODETTO: `${sdk}/modules/commodetto`,
	PIU: `${sdk}/modules/piu`,
	IO: `${sdk}/modules/io`,
	TYPINGS: `${sdk}/typings`,
	PLATFORM: "esp",
	SUBPLATFORM: "nodemcu",
	SUBPLATFORMDIRECTORY: `${sdk}/build/devices/esp/targets/nodemcu`,
	SUBPLATFORMMANIFEST: `${sdk}/build/devices/esp/targets/nodemcu/manifest.json`,
};

/** Variables of manifests: those given, those that `build` sets, then the environment's. */
export class Variables {
	readonly #values = new Map(Object.entries(given));

	set(name: string, value: string): void {
		this.#values.set(name, value);
	}

	has(name: string): boolean {
		return this.#values.has(name);
	}

	/** Puts in the values for $(NAME); throws the name of one that is unknown. */
	resolve(text: string): string {
		return text.replaceAll(/\$\(([^)]+)\)/g, (_, name: string) => {
			const value = this.#values.get(name) ?? process.env[name];
			if (value === undefined) throw new Error(`the variable $(${name}) is not known`);
			return value;
		});
	}
}

/** Whether a resolved path leads into the SDK. */
export function isInSDK(path: string): boolean {
	return path === sdk || path.startsWith(`${sdk}/`);
}
