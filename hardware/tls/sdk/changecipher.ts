import RecordProtocol from "ssl/record";
import { RecordType } from "tls/record";
import type { Session } from "tls/session";

/** Our ChangeCipherSpec, in the place of the SDK's `ssl/changecipher`: the keys are there already, and the session takes the server's. */
export default Object.freeze({
	packetize(session: Session): Uint8Array {
		const record = RecordProtocol.tlsCipherText.packetize(session, RecordType.ChangeCipherSpec, Uint8Array.of(1));
		session.useClientCipher();
		return record;
	},
});
