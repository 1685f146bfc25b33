/** What a client says, byte for byte, and the messages that are in it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Stands between client and server and keeps what the client says. */
export class Wire {
	readonly #server: Server;
	readonly #sockets: Socket[] = [];
	readonly #said: Buffer[] = [];

	/** @param port where the server is */
	static async tap(port: number): Promise<Wire> {
		const wire = new Wire(port);
		await once(wire.#server, "listening");
		return wire;
	}

	private constructor(port: number) {
		this.#server = createServer((client) => {
			const server = connect(port, "127.0.0.1");
			client.on("data", (bytes) => this.#said.push(bytes));
			for (const [from, to] of [
				[client, server],
				[server, client],
			] as const) {
				this.#sockets.push(from);
				from.setNoDelay(true).on("error", () => to.destroy());
				from.pipe(to);
			}
		}).listen(0, "127.0.0.1");
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	get said(): Buffer {
		return Buffer.concat(this.#said);
	}

	close(): void {
		for (const socket of this.#sockets) socket.destroy();
		this.#server.close();
	}
}

/** What was said in a session. */
export interface Said {
	commands: string[];
	messages: {
		by: "DATA" | "BDAT";
		/** As the server has it to deliver: dot-stuffing undone. */
		bytes: Buffer;
	}[];
}

/**
 * Reads a session as a server does that takes nothing but CRLF for the end of a line (RFC 5321, 2.3.8). Anything else fails:
 * a CR or LF by itself, a line of more than 998 octets, a leading dot that is by itself.
 */
export function readSession(bytes: Buffer): Said {
	const text = bytes.toString("latin1");
	const said: Said = { commands: [], messages: [] };
	let chunks = "";
	for (let at = 0; at < text.length; ) {
		const end = text.indexOf("\r\n", at);
		assert.ok(end >= 0, "the last line does not end");
		const command = text.slice(at, end);
		assert.match(command, /^[^\r\n]+$/);
		said.commands.push(command);
		at = end + 2;
		const [, length, last] = /^BDAT (\d+)( LAST)?$/.exec(command) ?? [];
		if (length) {
			chunks += text.slice(at, at + Number(length));
			at += Number(length);
			if (last) said.messages.push(messageOf("BDAT", chunks));
			if (last) chunks = "";
		} else if (command === "DATA") {
			const dot = text.indexOf("\r\n.\r\n", at - 2);
			assert.ok(dot >= 0, "the message does not end");
			said.messages.push(messageOf("DATA", text.slice(at, dot + 2)));
			at = dot + 5;
		}
	}
	return said;
}

function messageOf(by: "DATA" | "BDAT", content: string): Said["messages"][number] {
	const lines = content.split("\r\n");
	assert.equal(lines.pop(), "", "the last line does not end in CRLF");
	const undone = lines.map((line) => {
		const isStuffed = by === "DATA" && line.startsWith(".");
		if (isStuffed) assert.ok(line.startsWith(".."), "a leading dot that is by itself");
		const octets = isStuffed ? line.slice(1) : line;
		assert.match(octets, /^[^\r\n\0]{0,998}$/);
		return octets;
	});
	return { by, bytes: Buffer.from(undone.map((line) => `${line}\r\n`).join(""), "latin1") };
}
