import Timer from "timer";

/** A datagram as ECMA-419's UDP delivers it. */
export type Datagram = ArrayBuffer & { readonly address: string; readonly port: number };

/** What is used of an ECMA-419 UDP socket. */
export interface UDPSocket {
	read(): Datagram | undefined;
	write(buffer: ArrayBuffer | Uint8Array, address: string, port: number): void;
	close(): void;
}

export interface UDPOptions {
	/** The class of the socket, such as the default export of `embedded:io/socket/udp`. */
	io: new (options: {
		onReadable(count: number): void;
	}) => UDPSocket;
}

export interface SNTPQueryOptions {
	/** IPv4 address of the server. */
	address: string;
	/** Milliseconds, modulo 2^32. */
	time: { readonly ticks: number };
	udp: UDPOptions;
	/** Seconds since 1970, before which no time can be right. */
	earliest: number;
	/** @param seconds since 1970 in UTC, with a fraction */
	onTime(seconds: number): void;
	onError(problem: string): void;
}

const PORT = 123;
const PACKET_BYTES = 48;
/** Version 4, mode 3 (client). */
const REQUEST = 0x23;
const ORIGINATE = 24;
const TRANSMIT = 40;
const TIMEOUT_MS = 5_000;
/** Of one round trip, so that its half, by which the time is mended, stays within a second or so. */
const LONGEST_TRIP_MS = 2_000;
const SECONDS_1900_TO_1970 = 2_208_988_800;
const ERA_SECONDS = 4_294_967_296;
/** 2100-01-01 */
const LATEST = 4_102_444_800;

/** The problem of an answer of stratum 0, the kiss of death (RFC 4330, 8). */
export const KISS_OF_DEATH = "the server asks to be left alone";

/** Makes a request, whose transmit timestamp is random: it tells nothing, and its echo proves that a reply is to us. */
export const sntpRequest = (): Uint8Array => {
	const packet = new Uint8Array(PACKET_BYTES);
	packet[0] = REQUEST;
	for (let i = TRANSMIT; i < PACKET_BYTES; i++) packet[i] = Math.random() * 256;
	return packet;
};

/** Whether a packet answers a request: long enough, and its originate timestamp is the request's transmit timestamp. */
export const isAnswer = (packet: Uint8Array, request: Uint8Array): boolean => {
	if (packet.length < PACKET_BYTES) return false;
	for (let i = 0; i < 8; i++) if (packet[ORIGINATE + i] !== request[TRANSMIT + i]) return false;
	return true;
};

/**
 * The time that an answer carries (RFC 4330, 5), in seconds since 1970.
 * @param earliest seconds since 1970, before which no time can be right
 * @returns the seconds, or why the answer is not to be trusted
 */
export const sntpTime = (packet: Uint8Array, earliest: number): number | string => {
	if ((packet[0]! & 7) !== 4) return "not from a server";
	if (packet[0]! >> 6 === 3) return "the server's own clock is not set";
	if (packet[1] === 0) return KISS_OF_DEATH;
	if (packet[1]! > 15) return "the server's own clock is not set";
	const stamp = word(packet, TRANSMIT); // 0 is no time, not the second era's first second
	const seconds = eraTime(stamp) + word(packet, TRANSMIT + 4) / ERA_SECONDS;
	return stamp === 0 || seconds < earliest || seconds >= LATEST ? "a time that cannot be" : seconds;
};

/** Eras begin in 1900 and 2036; the highest bit tells which (RFC 4330, 3). */
const eraTime = (seconds: number): number => {
	return seconds - SECONDS_1900_TO_1970 + (seconds < ERA_SECONDS / 2 ? ERA_SECONDS : 0);
};

const word = (packet: Uint8Array, at: number): number => {
	return packet[at]! * 0x1000000 + ((packet[at + 1]! << 16) | (packet[at + 2]! << 8) | packet[at + 3]!);
};

/** Asks a server for the time, once. Calls `onTime` or `onError`, once, unless it is closed before. */
export class SNTPQuery {
	private options: SNTPQueryOptions;
	private socket: UDPSocket | undefined;
	private timer: Timer | undefined;
	private request = sntpRequest();
	private sentTicks: number;

	/** @throws what the socket throws */
	constructor(options: SNTPQueryOptions) {
		this.options = options;
		this.sentTicks = options.time.ticks;
		this.socket = new options.udp.io({ onReadable: (count) => this.read(count) });
		this.timer = Timer.set(() => this.fail("no answer"), TIMEOUT_MS);
		try {
			this.socket.write(this.request, options.address, PORT);
		} catch (error) {
			this.close();
			throw error;
		}
	}

	/** Gives up: neither callback will be called. */
	close(): void {
		Timer.clear(this.timer);
		this.socket?.close();
		this.timer = this.socket = undefined;
	}

	private read(count: number): void {
		while (count-- > 0 && this.socket) {
			const datagram = this.socket.read();
			if (!datagram) return;
			if (datagram.address !== this.options.address || datagram.port !== PORT) continue;
			const packet = new Uint8Array(datagram);
			if (isAnswer(packet, this.request)) this.accept(packet);
		}
	}

	private accept(packet: Uint8Array): void {
		const tripMs = (this.options.time.ticks - this.sentTicks) >>> 0;
		const time = tripMs > LONGEST_TRIP_MS ? "the answer took too long" : sntpTime(packet, this.options.earliest);
		if (typeof time === "string") return this.fail(time);
		this.close();
		this.options.onTime(time + tripMs / 2000);
	}

	private fail(problem: string): void {
		this.close();
		this.options.onError(problem);
	}
}
