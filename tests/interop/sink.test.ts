/** The sink outlives who delivers to it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { Sink } from "./sink.js";

let sink: Sink;

before(async () => {
	sink = await Sink.start();
});
after(() => sink.close());

/** Speaks to the sink until it waits for a message. */
async function begin(): Promise<Socket> {
	const socket = connect(sink.port, "127.0.0.1");
	for (const line of ["", "LHLO me", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "DATA"]) {
		if (line) socket.write(`${line}\r\n`);
		await once(socket, "data");
	}
	return socket;
}

test("one who leaves in the middle of a message delivers nothing, and is no error", async () => {
	const one = await begin();
	one.end("Subject: half\r\n\r\n");
	await once(one.resume(), "close");
	const other = await begin();
	other.end("Subject: whole\r\n\r\n.\r\n");
	await sink.take(({ raw }) => raw.includes("whole"));
	assert.deepEqual(sink.deliveries, []);
});
