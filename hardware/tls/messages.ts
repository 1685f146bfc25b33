import type SSLStream from "ssl/stream";

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

/** Extensions of hellos, by the registry of IANA. */
export const enum Extension {
	/** RFC 6066 */
	ServerName = 0,
	/** RFC 8422 */
	SupportedGroups = 10,
	PointFormats = 11,
	/** RFC 5246, 7.4.1.4.1 */
	SignatureAlgorithms = 13,
	/** RFC 7627 */
	ExtendedMasterSecret = 23,
	/** RFC 5746 */
	RenegotiationInfo = 0xff01,
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

/** @returns the types of the extensions at the end of a hello */
export const readExtensions = (stream: SSLStream): Extension[] => {
	const types: Extension[] = [];
	if (stream.bytesAvailable > 0) stream.readChars(2);
	while (stream.bytesAvailable > 0) {
		types.push(stream.readChars(2));
		stream.readChunk(stream.readChars(2), true);
	}
	return types;
};
