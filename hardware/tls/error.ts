/** Why there is no TLS connection, in words for a person; they go on from "no TLS connection to HOST: ". */
export class TLSError extends Error {
	/** What the server is told: a description of RFC 5246, 7.2.2; 0 where the alert came from there. */
	readonly alert: number;
	/** Whether it may be different later without anyone's doing. */
	readonly temporary: boolean;

	constructor(message: string, alert = 80, temporary = false) {
		super(message);
		this.alert = alert;
		this.temporary = temporary;
	}
}

/** What the server says by a fatal alert, or by closing the connection (0). */
export const alertError = (description: number): TLSError => {
	switch (description) {
		case 0:
			return new TLSError("the server closed the connection during the handshake", 0, true);
		case 40:
		case 71:
			return new TLSError(
				"the server has nothing in common with us: it needs ECDHE on P-256 with AES-128-GCM, and an RSA or P-256 key",
				0,
			);
		case 70:
			return new TLSError("the server does not speak TLS 1.2", 0);
		case 80:
			return new TLSError("the server has a problem of its own (TLS alert 80)", 0, true);
		case 112:
			return new TLSError("the server does not know the name it was called by (TLS alert 112)", 0);
		case 42:
		case 116:
			return new TLSError(`the server wants a certificate from us (TLS alert ${description})`, 0);
		default:
			return new TLSError(`the server refuses the connection (TLS alert ${description})`, 0);
	}
};

/** A message, record or alert when it is not its turn. */
export const unexpected = (): TLSError => new TLSError("the server breaks the order of a TLS handshake", 10);

/** Something in a message that must not be there. @param alert the description that RFC 5246, 7.2.2 has for it */
export const illegal = (what: string, alert: number): TLSError =>
	new TLSError(`the server breaks the rules of TLS (${what})`, alert);

/** A choice of the server's that is not one of ours. */
export const notOffered = (): TLSError => new TLSError("the server chooses what was not offered", 47);

/** @param what takes the memory */
export const tooLittleMemory = (what: string, free: number): TLSError =>
	new TLSError(`too little memory: ${what}, and ${free} are free`, 80, true);

/** Bytes free in XS's heap now, for all purposes or for buffers alone; undefined where that cannot be told. */
export type FreeMemory = (forBuffers?: boolean) => number | undefined;

/** Throws where buffers, or large numbers, of so many bytes cannot be made. @param what takes them */
export const checkMemory = (freeMemory: FreeMemory | undefined, bytes: number, what: string): void => {
	const free = freeMemory?.(true);
	if (free !== undefined && free < bytes) throw tooLittleMemory(what, free);
};

/** What it takes to deal with a record or a message, besides its own bytes. */
export const WORK_BYTES = 4096;
