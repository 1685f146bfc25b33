import RecordProtocol from "ssl/record";
import type SSLSession from "ssl/session";
import type SSLStream from "ssl/stream";
import { TLSError } from "tls/error";
import { MESSAGE_HEADER_BYTES, Message } from "tls/messages";
import { RecordType } from "tls/record";
import type { Session } from "tls/session";

/** A message of ours as a record. */
const send = (session: SSLSession, message: Uint8Array): Uint8Array =>
	RecordProtocol.tlsCipherText.packetize(session, RecordType.Handshake, message);

/**
 * The handshake as the SDK's session and records ask for it, in the place of the SDK's `ssl/handshake`. That one (in 8.2.3)
 * takes messages in any order and a key exchange that nobody has signed, and has a server's half besides.
 */
export default Object.freeze(
	{
		/** Takes the next message out of a record. */
		unpacketize(session: Session, stream: SSLStream): void {
			const header = stream.readChunk(MESSAGE_HEADER_BYTES, true) as Uint8Array;
			const length = (header[1] << 16) | (header[2] << 8) | header[3];
			if (length > stream.bytesAvailable)
				throw new TLSError("the server spreads a message over several records, which is not supported here", 80);
			session.take(header[0], header, stream.readChunk(length, true) as Uint8Array);
			session.handshakeProcess = header[0];
		},
		helloRequest: { msgType: Message.HelloRequest },
		clientHello: {
			msgType: Message.ClientHello,
			packetize: (session: Session) => send(session, session.ours.hello()),
		},
		serverHelloDone: { msgType: Message.ServerHelloDone },
		certificate: { packetize: (session: Session) => send(session, session.ours.certificate()) },
		clientKeyExchange: { packetize: (session: Session) => send(session, session.ours.keyExchange()) },
		finished: {
			msgType: Message.Finished,
			packetize: (session: Session) => send(session, session.ours.finished()),
		},
	},
	true,
);
