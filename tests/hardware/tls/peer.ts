/** A TLS 1.2 server of our own (RFC 5246; ECDHE on P-256, AES-128-GCM), which a test can have break any rule. */
import { createCipheriv, createDecipheriv, createECDH, createHash, createHmac, type ECDH, sign } from "node:crypto";
import type { Socket } from "node:net";
import { derOf, type Identity } from "./authority.js";
import { certificate, message, record, serverHello, serverHelloDone } from "./records.js";
import { type RawServer, rawServer } from "./servers.js";

export interface Alert {
	level: number;
	description: number;
}

/** The messages of a server's first flight. */
export interface Flight {
	hello: Buffer;
	certificate: Buffer;
	keyExchange: Buffer;
	done: Buffer;
}

/** What it does, where that is not what it should. */
export interface Script {
	identity: Identity;
	/** Certificates in DER; the identity's and its issuers' without the root, where there are none. */
	chain?: readonly Buffer[];
	suite?: [number, number];
	/** Those of the ServerHello, without the length of them all; none by default. */
	extensions?: Buffer;
	/** Signature scheme of the key exchange; RSA or ECDSA with SHA-256. */
	scheme?: number;
	/** The share: an uncompressed point. */
	point?: Buffer;
	/** Comes before the flight. */
	before?: Buffer;
	/** @returns the messages that are sent, of which the server's Finished is made */
	edit?(parts: Flight): Flight;
	/** @returns the bytes that are sent, instead of a record for each message */
	flight?(parts: Flight): Buffer;
	/** @returns the content of each of the encrypted records that are sent instead of one with this Finished */
	finished?(message: Buffer): Buffer[];
	/** Nothing is encrypted, not even what must be. */
	inTheClear?: boolean;
	/** How many milliseconds to wait for the client, until the connection ends; it may be waiting for us. For ever by default. */
	patience?: number;
	/** After the handshake. */
	afterwards?(peer: Peer): Promise<void> | void;
}

export interface PeerServer extends RawServer {
	/** The client's alerts, decrypted. */
	readonly alerts: readonly Alert[];
	/** The client's application data. */
	readonly said: string;
	/** Randoms of the client's hellos, and its shares, in the order of the connections. */
	readonly randoms: readonly Buffer[];
	readonly shares: readonly Buffer[];
}

/**
 * A server for any number of connections, one after the other.
 * @param each what is otherwise with the next of them
 */
export async function tlsPeer(script: Script, each?: () => Partial<Script>): Promise<PeerServer> {
	const alerts: Alert[] = [];
	const said: Buffer[] = [];
	const randoms: Buffer[] = [];
	const shares: Buffer[] = [];
	const at = await rawServer(async (socket, next) => {
		const peer = new Peer(socket, next, { ...script, ...each?.() });
		peer.onAlert = (alert) => alerts.push(alert);
		peer.onData = (data) => said.push(data);
		peer.onRandom = (random) => randoms.push(random);
		peer.onShare = (share) => shares.push(share);
		await peer.serve();
	});
	return Object.defineProperties(at, {
		alerts: { get: () => alerts },
		said: { get: () => Buffer.concat(said).toString("latin1") },
		randoms: { get: () => randoms },
		shares: { get: () => shares },
	}) as PeerServer;
}

interface Keys {
	key: Buffer;
	salt: Buffer;
	sequence: bigint;
}

/** One connection. */
export class Peer {
	onAlert = (_alert: Alert): void => {};
	onData = (_data: Buffer): void => {};
	onRandom = (_random: Buffer): void => {};
	onShare = (_share: Buffer): void => {};
	#socket: Socket;
	#next: () => Promise<Buffer>;
	#script: Script;
	#waiting = Buffer.alloc(0);
	#transcript: Buffer[] = [];
	#reading: Keys | undefined;
	#writing: Keys | undefined;

	constructor(socket: Socket, next: () => Promise<Buffer>, script: Script) {
		this.#socket = socket;
		this.#next = next;
		this.#script = script;
	}

	/** The handshake, then what the script wants; then it listens. */
	async serve(): Promise<void> {
		const { identity, before, finished, afterwards } = this.#script;
		const hello = await this.#message();
		const clientRandom = hello.subarray(6, 38);
		this.onRandom(Buffer.from(clientRandom));
		if (before) this.raw(before);
		const exchange = createECDH("prime256v1");
		exchange.generateKeys();
		const { parts: right, serverRandom } = this.#flight(identity, clientRandom, exchange);
		const parts = this.#script.edit?.(right) ?? right;
		this.#transcript.push(parts.hello, parts.certificate, parts.keyExchange, parts.done);
		const { flight = eachInARecord } = this.#script;
		this.raw(flight(parts));
		const share = (await this.#message()).subarray(5);
		this.onShare(Buffer.from(share));
		if ((await this.receive()).type !== 20) throw new Error("no ChangeCipherSpec");
		const master = prf(exchange.computeSecret(share), "master secret", Buffer.concat([clientRandom, serverRandom]), 48);
		const block = prf(master, "key expansion", Buffer.concat([serverRandom, clientRandom]), 40);
		this.#reading = { key: block.subarray(0, 16), salt: block.subarray(32, 36), sequence: 0n };
		await this.#message(); // the client's Finished, which it is not the test's business to doubt
		const verify = prf(master, "server finished", this.#digest(), 12);
		this.raw(record(20, Buffer.from([1])));
		if (!this.#script.inTheClear)
			this.#writing = { key: block.subarray(16, 32), salt: block.subarray(36, 40), sequence: 0n };
		const own = message(20, verify);
		for (const content of finished?.(own) ?? [own]) this.send(22, content);
		await afterwards?.(this);
		for (;;) await this.receive();
	}

	/** Sends bytes as they are. */
	raw(bytes: Buffer): void {
		this.#socket.write(bytes);
	}

	/** Sends a record, encrypted as soon as there are keys. @param spoil changes the record before it goes */
	send(type: number, content: Buffer, spoil?: (record: Buffer) => void): void {
		const keys = this.#writing;
		const sent = keys ? seal(keys, type, content) : record(type, content);
		spoil?.(sent);
		this.raw(sent);
	}

	/** Nothing more is sent; whoever waits for it has an end. Without an alert. */
	end(): void {
		this.#socket.end();
	}

	/** The next record of the client's, decrypted. */
	async receive(): Promise<{ type: number; content: Buffer }> {
		while (this.#waiting.length < 5 || this.#waiting.length < 5 + this.#waiting.readUInt16BE(3))
			this.#waiting = Buffer.concat([this.#waiting, await this.#chunk()]);
		const length = 5 + this.#waiting.readUInt16BE(3);
		const bytes = this.#waiting.subarray(0, length);
		this.#waiting = this.#waiting.subarray(length);
		const type = bytes[0] as number;
		const content = this.#reading ? open(this.#reading, type, bytes.subarray(5)) : bytes.subarray(5);
		if (type === 21) this.onAlert({ level: content[0] as number, description: content[1] as number });
		if (type === 23) this.onData(content);
		return { type, content };
	}

	async #chunk(): Promise<Buffer> {
		const { patience } = this.#script;
		const timer = patience && setTimeout(() => this.end(), patience);
		try {
			return await this.#next();
		} finally {
			clearTimeout(timer);
		}
	}

	/** The next handshake message; each has a record of its own. */
	async #message(): Promise<Buffer> {
		for (;;) {
			const { type, content } = await this.receive();
			if (type !== 22) continue; // an alert; nothing more will come
			this.#transcript.push(content);
			return content;
		}
	}

	#flight(identity: Identity, clientRandom: Buffer, exchange: ECDH): { parts: Flight; serverRandom: Buffer } {
		const isEC = identity.key.includes("BEGIN PRIVATE KEY") && isECKey(identity);
		const {
			suite = isEC ? [0xc0, 0x2b] : [0xc0, 0x2f],
			chain = chainDERs(identity),
			extensions,
			scheme = isEC ? 0x0403 : 0x0401,
			point = exchange.getPublicKey(),
		} = this.#script;
		const hello = serverHello([3, 3], suite, extensions);
		const serverRandom = hello.subarray(6, 38);
		const parameters = Buffer.concat([Buffer.from([3, 0, 23, point.length]), point]);
		const hash = ["sha256", "sha384", "sha512"][(scheme >> 8) - 4] ?? "sha256";
		const signature = sign(hash, Buffer.concat([clientRandom, serverRandom, parameters]), identity.key);
		const tail = Buffer.from([scheme >> 8, scheme & 0xff, signature.length >> 8, signature.length & 0xff]);
		const keyExchange = message(12, Buffer.concat([parameters, tail, signature]));
		const parts = { hello, certificate: certificate(...chain), keyExchange, done: serverHelloDone() };
		return { parts, serverRandom };
	}

	#digest(): Buffer {
		return createHash("sha256").update(Buffer.concat(this.#transcript)).digest();
	}
}

export function eachInARecord({ hello, certificate, keyExchange, done }: Flight): Buffer {
	return Buffer.concat([hello, certificate, keyExchange, done].map((it) => record(22, it)));
}

/** The certificates that a server with this identity sends. */
export function chainDERs(identity: Identity): Buffer[] {
	const { issuer } = identity;
	return [derOf(identity), ...(issuer?.issuer ? chainDERs(issuer) : [])];
}

function isECKey({ key }: Identity): boolean {
	return key.length < 400;
}

function seal(keys: Keys, type: number, content: Buffer): Buffer {
	const nonce = sequenceBytes(keys.sequence);
	const cipher = createCipheriv("aes-128-gcm", keys.key, Buffer.concat([keys.salt, nonce]));
	cipher.setAAD(additionalData(keys, type, content.length));
	const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
	keys.sequence++;
	return record(type, nonce, sealed, cipher.getAuthTag());
}

function open(keys: Keys, type: number, fragment: Buffer): Buffer {
	const nonce = Buffer.concat([keys.salt, fragment.subarray(0, 8)]);
	const decipher = createDecipheriv("aes-128-gcm", keys.key, nonce);
	decipher.setAAD(additionalData(keys, type, fragment.length - 24));
	decipher.setAuthTag(fragment.subarray(-16));
	keys.sequence++;
	return Buffer.concat([decipher.update(fragment.subarray(8, -16)), decipher.final()]);
}

function additionalData({ sequence }: Keys, type: number, length: number): Buffer {
	return Buffer.concat([sequenceBytes(sequence), Buffer.from([type, 3, 3, length >> 8, length & 0xff])]);
}

function sequenceBytes(sequence: bigint): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64BE(sequence);
	return bytes;
}

/** RFC 5246, 5, with SHA-256. */
function prf(secret: Buffer, label: string, seed: Buffer, length: number): Buffer {
	const all = Buffer.concat([Buffer.from(label), seed]);
	const hmac = (data: Buffer): Buffer => createHmac("sha256", secret).update(data).digest();
	let a: Buffer = all;
	let out: Buffer = Buffer.alloc(0);
	while (out.length < length) {
		a = hmac(a);
		out = Buffer.concat([out, hmac(Buffer.concat([a, all]))]);
	}
	return out.subarray(0, length);
}
