/**
 * As much of the SDK's debugger as it takes to let a debug firmware run and to hear what it traces. On the serial line the
 * machine names itself, `<?xs.3FFF79E4?>`, and what follows is its own; at its login, and where it breaks, it waits for `<go/>`.
 */
export class SerialDebugger {
	readonly #send: (bytes: Uint8Array) => void;
	#machine = "";

	constructor(send: (bytes: Uint8Array) => void) {
		this.#send = send;
	}

	/** What a line says to people: lines of a trace, what is no debugger's talk as it stands, or nothing. */
	take(line: string): string[] {
		const [, machine] = /^<\?xs[.-]([0-9A-Fa-f]{8})\?>$/.exec(line) ?? [];
		if (machine) {
			this.#machine = machine;
			return [];
		}
		if (!line.startsWith("<xsbug>")) return [line];
		if (/<(login|break)\b/.test(line)) this.#send(Buffer.from(`\r\n<?xs.${this.#machine}?>\r\n<go/>\r\n`));
		const said = [...line.matchAll(/<(log|break)\b[^>]*>([^<]*)<\/\1>/g)].map(([, , text = ""]) => decode(text));
		return said.join("").split("\n").filter(Boolean);
	}
}

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function decode(text: string): string {
	return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (whole, code, name) =>
		code ? String.fromCodePoint(Number(code)) : (entities[name] ?? whole),
	);
}
