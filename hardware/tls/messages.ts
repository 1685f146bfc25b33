/** Handshake messages (RFC 5246, 7.4). */
export const enum Message {
	HelloRequest = 0,
	ClientHello = 1,
	ServerHello = 2,
	Certificate = 11,
	ServerKeyExchange = 12,
	CertificateRequest = 13,
	ServerHelloDone = 14,
	CertificateVerify = 15,
	ClientKeyExchange = 16,
	Finished = 20,
}

export const MESSAGE_HEADER_BYTES = 4;

/** A handshake message: its type and length, then its body. */
export const messageOf = (type: Message, body: Uint8Array): Uint8Array => {
	const message = new Uint8Array(MESSAGE_HEADER_BYTES + body.length);
	message[0] = type;
	message[2] = body.length >> 8;
	message[3] = body.length;
	message.set(body, MESSAGE_HEADER_BYTES);
	return message;
};
