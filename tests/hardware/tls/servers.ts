/** Mail servers for the tests, on loopback: honest ones, and ones that mean no good. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { SecureContextOptions, TLSSocket, TlsOptions } from "node:tls";
import { SMTPServer } from "smtp-server";
import { record } from "./records.js";

const SERVER_HELLO_DONE = 14;

export interface MailServer {
	port: number;
	/** What was done: "AUTH alert", "MAIL alert@example.org", "DATA"; and how TLS fared: "TLSv1.2 ECDHE-...". */
	log: string[];
	close(): Promise<void>;
}

/** A server that offers TLS from the start, or by STARTTLS; on a free port, or the one given. */
export async function mailServer(
	options: TlsOptions & SecureContextOptions & { implicit?: boolean; port?: number | undefined },
): Promise<MailServer> {
	const { implicit = true, port: wanted = 0, ...tls } = options;
	const log: string[] = [];
	const server = new SMTPServer({
		...tls,
		secure: implicit,
		hideSTARTTLS: implicit,
		closeTimeout: 1,
		onSecure(socket, _session, done) {
			const { servername = "" } = socket as TLSSocket & { servername?: string | false };
			log.push(
				`${(socket as TLSSocket).getProtocol()} ${(socket as TLSSocket).getCipher().name} ${servername || "no name"}`,
			);
			done();
		},
		onAuth({ username }, _session, done) {
			log.push(`AUTH ${username}`);
			done(null, { user: username });
		},
		onMailFrom({ address }, _session, done) {
			log.push(`MAIL ${address}`);
			done();
		},
		onData(stream, _session, done) {
			log.push("DATA");
			stream.resume().on("end", done);
		},
	});
	server.on("error", () => {}); // handshakes that fail are what the tests are about
	await once(server.listen(wanted, "127.0.0.1"), "listening");
	const { port } = server.server.address() as AddressInfo;
	// The client is gone by then, and with it its connections.
	const close = (): Promise<void> => new Promise((done) => server.close(() => done()));
	return { port, log, close };
}

export interface RawServer {
	port: number;
	/** All that the client has sent, over all connections. */
	readonly received: Buffer;
	/** Waits until no client is connected any more, and all that was sent has come. */
	idle(): Promise<void>;
	close(): Promise<void>;
}

/** A server that does with a connection what `talk` says. */
export async function rawServer(
	talk: (socket: Socket, next: () => Promise<Buffer>) => Promise<void>,
): Promise<RawServer> {
	let received = Buffer.alloc(0);
	const sockets = new Set<Socket>();
	const closed: Promise<unknown>[] = [];
	const server: Server = createServer((socket) => {
		sockets.add(socket);
		const chunks: Buffer[] = [];
		let wake: (() => void) | undefined;
		socket.on("error", () => {});
		closed.push(new Promise((done) => void socket.once("close", done)));
		socket.on("data", (chunk: Buffer) => {
			received = Buffer.concat([received, chunk]);
			chunks.push(chunk);
			wake?.();
		});
		const next = async (): Promise<Buffer> => {
			while (chunks.length === 0)
				await new Promise<void>((done) => {
					wake = done;
				});
			return chunks.shift() as Buffer;
		};
		talk(socket, next).catch(() => socket.destroy());
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	return {
		port: (server.address() as AddressInfo).port,
		get received() {
			return received;
		},
		async idle() {
			await Promise.allSettled(closed);
			await new Promise(setImmediate);
		},
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((done) => server.close(done));
		},
	};
}

/** Stands between a client and a server, and joins the server's first flight to one record, as some servers send it. */
export async function inOneRecord(client: Socket, port: number): Promise<void> {
	const server = connect(port, "127.0.0.1");
	server.on("error", () => client.destroy());
	client.on("close", () => server.destroy());
	client.pipe(server);
	let waiting = Buffer.alloc(0);
	const messages: Buffer[] = [];
	const take = (chunk: Buffer): void => {
		waiting = Buffer.concat([waiting, chunk]);
		while (waiting.length >= 5 && waiting.length >= 5 + waiting.readUInt16BE(3)) {
			messages.push(waiting.subarray(5, 5 + waiting.readUInt16BE(3)));
			waiting = waiting.subarray(5 + waiting.readUInt16BE(3));
		}
		if (messages.at(-1)?.[0] !== SERVER_HELLO_DONE) return;
		client.write(record(22, ...messages));
		server.off("data", take).pipe(client);
	};
	server.on("data", take);
}
