/** TCP as lwIP and the SDK's wrapper of it give it: what can be seen from the app, against real sockets. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { PATIENCE_MS } from "../../patience.js";
import { type Run, start } from "./program.js";

const SEGMENT = 536;

interface Peer extends Run {
	/** The server's side of the connection. */
	socket: Socket;
}

/** A program with `open(callbacks)`, `log(text)` and `text(buffer)`, run against a server that takes one connection. */
async function connect(context: TestContext, program: string): Promise<Peer> {
	const server = createServer({ allowHalfOpen: true });
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	context.after(() => server.close());
	const connected = once(server, "connection") as Promise<[Socket]>;
	const main = `
		import TCP from "embedded:io/socket/tcp";
		import config from "mc/config";
		import Timer from "timer";
		const log = (text) => trace(text, "\\n");
		const text = (buffer) => String.fromArrayBuffer(buffer);
		const attempt = (name, callback) => { try { log(name + ": " + callback()); } catch (e) { log(name + ": " + e.message); } };
		const address = "127.0.0.1", port = config.port;
		${program}`;
	const { port } = server.address() as AddressInfo;
	const run = await start(context, main, { config: { port } }, { network: { connected: true } });
	const [socket] = await connected;
	socket.on("error", () => {});
	context.after(() => socket.destroy());
	return { ...run, socket };
}

/** Waits until the program has traced so many lines. */
async function lines({ board, traced }: Run, count: number): Promise<string[]> {
	while (traced.length < count) await once(board, "trace", { signal: AbortSignal.timeout(PATIENCE_MS) });
	return traced;
}

test("write before the first onWritable throws", async (context) => {
	const run = await connect(
		context,
		`const tcp = new TCP({address, port, onWritable(room) { log("room " + room); log("left " + this.write(new ArrayBuffer(100))); }});
		attempt("early", () => tcp.write(new ArrayBuffer(1)));`,
	);
	const [early, room, left] = await lines(run, 3);
	assert.deepEqual([early, room, left], ["early: not ready", `room ${2 * SEGMENT}`, `left ${2 * SEGMENT - 100}`]);
});

test("write over the room throws and sends nothing", async (context) => {
	const run = await connect(
		context,
		`let done; const tcp = new TCP({address, port, onWritable(room) { if (done) return; done = true;
			attempt("over", () => tcp.write(new ArrayBuffer(room + 1)));
			attempt("all", () => tcp.write(new Uint8Array(room).fill(65)));
			attempt("none", () => tcp.write(Uint8Array.of(66)));
			tcp.close(); }});`,
	);
	assert.deepEqual(await lines(run, 3), ["over: would block", "all: 0", "none: would block"]);
	let received = "";
	for await (const bytes of run.socket) received += bytes;
	assert.equal(received, "A".repeat(2 * SEGMENT));
});

test("read gives what is asked for, and throws when it is more than there is", async (context) => {
	const run = await connect(
		context,
		`const tcp = new TCP({address, port, onReadable(count) {
			log("readable " + count);
			attempt("number", () => text(tcp.read(2)));
			const view = new Uint8Array(8).subarray(2, 5);
			attempt("buffer", () => tcp.read(view) + " " + text(view.slice().buffer));
			attempt("too many", () => tcp.read(6));
			attempt("too large", () => tcp.read(new ArrayBuffer(6)));
			attempt("zero", () => tcp.read(0));
			attempt("rest", () => text(tcp.read()));
			attempt("nothing", () => tcp.read());
		}});`,
	);
	run.socket.write("abcdefghij");
	assert.deepEqual(await lines(run, 8), [
		...["readable 10", "number: ab", "buffer: 3 cde", "too many: invalid", "too large: invalid"],
		...["zero: invalid", "rest: fghij", "nothing: undefined"],
	]);
});

test("format number reads and writes single bytes", async (context) => {
	const run = await connect(
		context,
		`const tcp = new TCP({address, port, format: "number",
			onWritable() { if (!this.sent) { this.sent = true; this.write(65); this.write(66 + 256); } },
			onReadable(count) { let byte; const all = []; while ((byte = this.read()) !== undefined) all.push(byte); log(count + ":" + all); }});
		attempt("format", () => tcp.format);
		attempt("string", () => { tcp.format = "string"; });`,
	);
	const [sent] = await once(run.socket, "data");
	run.socket.write(Uint8Array.of(1, 2, 255));
	assert.deepEqual(await lines(run, 3), ["format: number", "string: unimplemented", "3:1,2,255"]);
	assert.equal(String(sent), "AB");
});

test("an error comes once all that was received is read", async (context) => {
	const run = await connect(
		context,
		`const tcp = new TCP({address, port,
			onReadable(count) { log("readable " + count); Timer.set(() => { log("read " + text(tcp.read(3))); Timer.set(() => log("read " + text(tcp.read())), 20); }, 20); },
			onError() { log("error"); attempt("write", () => tcp.write(Uint8Array.of(1))); tcp.close(); tcp.close(); attempt("closed", () => tcp.read()); }});`,
	);
	run.socket.end("abcdef");
	assert.deepEqual(await lines(run, 6), [
		...["readable 6", "read abc", "read def", "error", "write: not ready"],
		"closed: C: xsGetHostData: invalid",
	]);
});

test("no more than a window is received before the app reads", async (context) => {
	const run = await connect(
		context,
		`let most = 0, total = 0;
		const tcp = new TCP({address, port,
			onReadable(count) { if (count > most) most = count; Timer.set(() => { const n = tcp.read()?.byteLength ?? 0; total += n; if (total === 100000) log(most + " of " + total); }); }});`,
	);
	run.socket.write(Buffer.alloc(100_000));
	assert.deepEqual(await lines(run, 1), [`${4 * SEGMENT} of 100000`]);
});

test("from moves a connection with what it has not read", async (context) => {
	const run = await connect(
		context,
		`const first = new TCP({address, port, onReadable(count) {
			log("first " + count + " " + text(first.read(3)));
			const second = new TCP({from: first,
				onReadable(count) { log("second " + count + " " + text(second.read())); },
				onWritable(room) { log("room " + room); second.write(Uint8Array.of(33)); this.close(); }});
			attempt("first", () => first.read());
			attempt("again", () => new TCP({from: first}));
		}});`,
	);
	run.socket.write("abcdef");
	assert.deepEqual(await lines(run, 5), [
		...["first 6 abc", "first: C: xsGetHostData: invalid", "again: C: xsGetHostData: invalid", "second 3 def"],
		`room ${2 * SEGMENT}`,
	]);
	const [data] = await once(run.socket, "data");
	assert.equal(String(data), "!");
});

test("what is on its way while a connection moves is not lost", async (context) => {
	const run = await connect(
		context,
		`let total = 0, moves = 0;
		function take(from) { return new TCP({from, onReadable() { total += this.read().byteLength; if (total === 1000000) log("all"); if (moves++ < 1000) take(this); }}); }
		const first = new TCP({address, port, onReadable() { total += this.read().byteLength; take(this); }});`,
	);
	run.socket.write(Buffer.alloc(1_000_000));
	assert.deepEqual(await lines(run, 1), ["all"]);
});

test("a refused connection is an error, a wrong address throws", async (context) => {
	const { board, traced } = await start(
		context,
		`import TCP from "embedded:io/socket/tcp";
		const attempt = (callback) => { try { callback(); } catch (e) { trace(e.message, "\\n"); } };
		new TCP({address: "127.0.0.1", port: 1, onError() { trace("refused\\n"); }});
		attempt(() => new TCP({address: "localhost", port: 25}));
		attempt(() => new TCP({address: "127.0.0.1", port: 70000}));
		attempt(() => new TCP({address: "127.0.0.1", port: 25, onReadable: 1}));`,
		{},
		{ network: { connected: true } },
	);
	while (traced.length < 4) await once(board, "trace");
	assert.deepEqual(traced, ["invalid address", "invalid port", "not a function", "refused"]);
});

test("without a network there is no connection", async (context) => {
	const { exit } = await start(
		context,
		'import TCP from "embedded:io/socket/tcp"; new TCP({address: "127.0.0.1", port: 9});',
	);
	assert.match((await exit).reason, /connect error/);
});

test("while Wi-Fi is away nothing arrives; when it is back everything does", async (context) => {
	const run = await connect(
		context,
		`const tcp = new TCP({address, port, onReadable() { const got = text(tcp.read()); log(got); tcp.write(ArrayBuffer.fromString(got)); }});`,
	);
	run.socket.write("one");
	await lines(run, 1);
	run.board.wifi.drop();
	run.socket.write("two");
	await run.board.figures();
	assert.deepEqual(run.traced, ["one"]);
	run.board.wifi.restore();
	assert.deepEqual(await lines(run, 2), ["one", "two"]);
});

test("bytes and round trips are counted", async (context) => {
	const run = await connect(
		context,
		`const tcp = new TCP({address, port, onReadable() { log(text(tcp.read())); tcp.write(new ArrayBuffer(3)); tcp.write(new ArrayBuffer(4)); }});`,
	);
	run.socket.write("hello");
	await lines(run, 1);
	await once(run.socket, "data");
	run.socket.write("again");
	await lines(run, 2);
	await run.board.figures();
	assert.deepEqual(run.board.traffic, { bytesSent: 14, bytesReceived: 10, roundTrips: 2 });
});

test("a connection that is closed leaves nothing in the heap", async (context) => {
	const { board, traced } = await start(
		context,
		`import TCP from "embedded:io/socket/tcp"; import Timer from "timer";
		let n = 0;
		Timer.repeat(() => { new TCP({address: "127.0.0.1", port: 1, onReadable() {}, onError() { this.close(); trace(++n, "\\n"); }}); }, 1);`,
		{},
		{ network: { connected: true } },
	);
	const measure = async (count: number) => {
		while (traced.length < count) await once(board, "trace");
		await board.collect();
		return (await board.figures()).slots;
	};
	const few = await measure(5);
	const many = await measure(50);
	assert.ok(many <= few + 20, `${few} slots, then ${many}`);
});
