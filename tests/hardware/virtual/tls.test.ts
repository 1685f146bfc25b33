/** The desk's TLS behind `embedded:io/socket/tcp/tls`: from the first byte, or on a connection taken over. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { TLSSocket } from "node:tls";
import { PATIENCE_MS } from "../../patience.js";
import { type Run, start } from "./program.js";

const skip = spawnSync("openssl", ["version"]).status !== 0 && "openssl is not installed, so there are no certificates";
let folder = "";
let authority: Buffer;

before(() => {
	if (skip) return;
	folder = mkdtempSync(join(tmpdir(), "virtual-tls-"));
	const openssl = (...words: string[]) => execFileSync("openssl", words, { cwd: folder, stdio: "pipe" });
	const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
	openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA", "-days", "30");
	openssl(
		...["req", "-x509", ...key, "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=mail.example", "-days", "7"],
		...["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "subjectAltName=DNS:mail.example"],
		...["-addext", "basicConstraints=critical,CA:false"],
	);
	openssl("x509", "-in", "ca.pem", "-outform", "DER", "-out", "ca.der");
	authority = readFileSync(join(folder, "ca.der"));
});

after(() => folder && rmSync(folder, { recursive: true }));

const tlsOptions = () => ({
	isServer: true,
	key: readFileSync(join(folder, "key.pem")),
	cert: readFileSync(join(folder, "cert.pem")),
});

/** A server whose connections a test handles; closed after the test. */
async function listen(context: TestContext, onSocket: (socket: Socket) => void): Promise<number> {
	const sockets: Socket[] = [];
	const server: Server = createServer((socket) => {
		sockets.push(socket.on("error", () => {}));
		onSocket(socket);
	});
	context.after(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return (server.address() as AddressInfo).port;
}

const echo = (socket: Socket) => {
	const secured = new TLSSocket(socket, tlsOptions());
	secured.on("error", () => {});
	secured.pipe(secured);
};

const prelude = `
	import TCP from "embedded:io/socket/tcp"; import TLSSocket from "embedded:io/socket/tcp/tls"; import config from "mc/config";
	const log = (text) => trace(text, "\\n"), text = (buffer) => String.fromArrayBuffer(buffer);
	const ca = Uint8Array.from(config.ca);
	const dictionary = { address: "127.0.0.1", host: "mail.example", port: config.port, TCP: {io: TCP}, secure: {certificate: ca},
		onReadable() { log("read " + text(this.read())); },
		onWritable(room) { if (!this.sent) { this.sent = true; log("secure " + room); this.write(ArrayBuffer.fromString("hello")); } },
		onError(reason) { log("error " + reason?.message); this.close(); } };`;

async function run(context: TestContext, port: number, program: string, now = new Date()): Promise<Run> {
	const manifest = { config: { port, ca: [...authority] }, creation: { static: 65536 } };
	return start(context, `${prelude}\n${program}`, manifest, { network: { connected: true }, now });
}

async function lines({ board, traced }: Run, count: number): Promise<string[]> {
	while (traced.length < count) await once(board, "trace", { signal: AbortSignal.timeout(PATIENCE_MS) });
	return traced;
}

test("TLS from the first byte", { skip }, async (context) => {
	const port = await listen(context, echo);
	const app = await run(
		context,
		port,
		"const tls = new TLSSocket(dictionary); try { tls.write(ca); } catch (e) { log(e.message); }",
	);
	assert.deepEqual(await lines(app, 3), ["not ready", "secure 1072", "read hello"]);
});

const takeOver = `const tcp = new TCP({...dictionary, onWritable: undefined, onReadable() {
	log("plain " + text(this.read())); new TLSSocket({...dictionary, address: undefined, from: this}); }});`;

test("TLS on a connection taken over", { skip }, async (context) => {
	const port = await listen(context, (socket) => {
		socket.write("220 go");
		echo(socket);
	});
	const app = await run(context, port, takeOver);
	assert.deepEqual(await lines(app, 3), ["plain 220 go", "secure 1072", "read hello"]);
});

test("what the server says in the clear after it was taken over is not taken for secure", { skip }, async (context) => {
	const port = await listen(context, (socket) => {
		socket.write("220 go");
		setTimeout(() => socket.write("250 you are secure\r\n".repeat(3)), 50);
	});
	const app = await run(context, port, takeOver);
	const [plain, error] = await lines(app, 2);
	assert.equal(plain, "plain 220 go");
	assert.match(error as string, /^error (?!undefined)/);
});

const refusals: [name: string, change: string, reason: RegExp, now?: Date][] = [
	["another name", 'host: "other.example"', /its certificate is for mail\.example, not for other\.example/],
	["an authority that is not trusted", "secure: {}", /self-signed|from an authority that is not trusted/],
	["a clock that was never set", "", /clock is not set/, new Date(0)],
	["a clock that is ahead", "", /expired by the board's clock/, new Date(Date.now() + 90 * 86_400_000)],
];

for (const [name, change, reason, now] of refusals)
	test(`${name} is refused with a reason`, { skip }, async (context) => {
		const port = await listen(context, echo);
		const app = await run(context, port, `new TLSSocket({...dictionary, ${change}});`, now);
		const [error] = await lines(app, 1);
		assert.match(error as string, /^error /);
		assert.match(error as string, reason);
	});

test("verify: false takes anyone", { skip }, async (context) => {
	const port = await listen(context, echo);
	const app = await run(
		context,
		port,
		'new TLSSocket({...dictionary, host: "other", secure: {verify: false}});',
		new Date(0),
	);
	assert.deepEqual(await lines(app, 2), ["secure 1072", "read hello"]);
});

test("a server that hangs up during the handshake is an error", { skip }, async (context) => {
	const port = await listen(context, (socket) => socket.end());
	const app = await run(context, port, "new TLSSocket(dictionary);");
	assert.match((await lines(app, 1))[0] as string, /^error .*(closed|disconnected)/);
});
