const PACKET_BYTES = 48;
/** From 1900, where NTP counts from, to 1970. */
const EPOCH_SECONDS = 2_208_988_800;

/**
 * A server's answer to an SNTP request (RFC 4330, section 5).
 * @param now milliseconds since 1970
 */
export function answerSNTP(request: Uint8Array, now: number): Uint8Array {
	const answer = Buffer.alloc(PACKET_BYTES);
	const version = ((request[0] ?? 0) >> 3) & 7;
	answer[0] = (version << 3) | 4; // no leap second, a server
	answer[1] = 1; // stratum
	answer[3] = 0xec; // precision: 2^-20 seconds
	answer.write("DESK", 12, "latin1");
	answer.set(request.subarray(40, 48), 24); // originate timestamp: the request's transmit timestamp
	for (const offset of [16, 32, 40]) writeTimestamp(answer, offset, now);
	return answer;
}

function writeTimestamp(packet: Buffer, offset: number, now: number): void {
	const seconds = Math.floor(now / 1000);
	packet.writeUInt32BE((seconds + EPOCH_SECONDS) % 2 ** 32, offset);
	packet.writeUInt32BE(Math.floor(((now / 1000) % 1) * 2 ** 32), offset + 4);
}
