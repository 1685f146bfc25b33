import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";
import type { Scenario } from "./main";

/** Writes as many bytes as the scenario wants, as fast as there is room, and reads as many back. */
export const exchange = (scenario: Scenario, tls: object, tell: (event: string, details?: object) => void): void => {
	const { host, port, bytes = 0, times = 1 } = scenario;
	let written = 0;
	let received = 0;
	let reads = 0;
	let wrong = 0;
	const take = (byte: number): void => {
		if (byte !== (received++ & 0xff)) wrong++;
	};
	const write = (socket: TLSSocket, room: number): void => {
		while (room > 0 && written < bytes) {
			const part = new Uint8Array(Math.min(room, bytes - written, 700));
			for (let i = 0; i < part.length; i++) part[i] = written++;
			const left = socket.write(part);
			if (left === undefined || left > room - part.length) throw new Error(`room ${room} -> ${left}`);
			room = left;
		}
	};
	let isReady = false;
	const socket = new TLSSocket({
		...tls,
		host,
		port,
		address: "127.0.0.1",
		TCP: { io: TCP },
		onWritable(room) {
			if (!isReady) tell("ready", { room });
			isReady = true;
			write(this, room);
		},
		onReadable(count) {
			// by turns: byte by byte, all at once, into a buffer in two parts
			reads++;
			if (reads % 3 === 0) {
				this.format = "number";
				for (let i = 0; i < count; i++) take(this.read() as number);
				this.format = "buffer";
			} else if (reads % 3 === 1) {
				for (const byte of new Uint8Array(this.read() as ArrayBuffer)) take(byte);
			} else {
				const first = new Uint8Array(Math.ceil(count / 2));
				if (this.read(first) !== first.length) wrong++;
				for (const byte of first) take(byte);
				if (count > first.length)
					for (const byte of new Uint8Array(this.read(count - first.length) as ArrayBuffer)) take(byte);
			}
			if (this.read() !== undefined) wrong++;
			if (received === bytes) {
				this.close();
				this.close();
				if (times > 1) exchange({ ...scenario, times: times - 1 }, tls, tell);
				else tell("done", { received, wrong });
			}
		},
		onError: (reason) => tell("error", { message: reason?.message ?? null, received, wrong }),
	});
	try {
		socket.write(Uint8Array.of(0x21));
		tell("wrote too early");
	} catch (e) {
		tell("not ready", { message: (e as Error).message });
	}
};
