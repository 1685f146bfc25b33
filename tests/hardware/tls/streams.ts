/** The socket by itself: bytes both ways, room, and how it ends. */
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { suite, test } from "node:test";
import { createServer as createTLSServer } from "node:tls";
import type { Event } from "./app.js";
import { chainOf, derOf } from "./authority.js";
import type { Bench } from "./bench.js";
import type { MailServer } from "./servers.js";

export const streams = (bench: Bench): void => {
	suite("as a socket", () => {
		/** A TLS server that sends back what it gets, in records of its own making. */
		async function echo(options: { fragment?: number; cut?: number }): Promise<MailServer> {
			const log: string[] = [];
			const sockets: Socket[] = [];
			const tls = createTLSServer(
				{ key: bench.server.key, cert: chainOf(bench.server), maxVersion: "TLSv1.2" },
				(socket) => {
					if (options.fragment) socket.setMaxSendFragment(options.fragment);
					let count = 0;
					socket.on("error", (e) => log.push(e.message));
					socket.on("end", () => log.push("end"));
					socket.on("close", () => log.push("close"));
					socket.on("data", (data: Buffer) => {
						count += data.length;
						if (!socket.writableEnded) socket.write(data);
						if (options.cut && count >= options.cut) socket.end();
					});
					sockets.push(socket);
				},
			);
			await new Promise<void>((done) => tls.listen(0, "127.0.0.1", done));
			const { port } = tls.address() as { port: number };
			const close = async (): Promise<void> => {
				if (options.cut) for (const socket of sockets) socket.destroy();
				await new Promise<void>((done) => void tls.close(() => done()));
			};
			return { port, log, close };
		}

		async function exchange(at: Promise<MailServer>, bytes: number): Promise<{ events: Event[]; log: string[] }> {
			const { port, log, close } = await at;
			const events = await bench.app.run({ what: "stream", port, bytes, trust: [derOf(bench.root)] });
			await close();
			return { events, log };
		}

		for (const fragment of [512, 16_384])
			test(`it carries 100,000 bytes both ways, with records of up to ${fragment}`, async () => {
				const { events, log } = await exchange(echo({ fragment }), 100_000);
				assert.equal(events[0].event, "not ready");
				assert.equal(events[1].event, "ready");
				assert.deepEqual(events.at(-1), { event: "done", received: 100_000, wrong: 0 });
				// the server has had a close_notify: an end, not an error
				assert.deepEqual(log, ["end", "close"]);
			});

		test("it gives what came before the end, then the end", async () => {
			const { events } = await exchange(echo({ cut: 1000 }), 5000);
			const { event, message, received } = events.at(-1) as Event;
			assert.deepEqual({ event, message }, { event: "error", message: null });
			assert.ok((received as number) >= 1000);
		});
	});
};
