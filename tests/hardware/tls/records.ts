/** Pieces of TLS 1.2 (RFC 5246) for servers that do not keep to it. */

export function record(type: number, ...bodies: Buffer[]): Buffer {
	const body = Buffer.concat(bodies);
	return Buffer.concat([Buffer.from([type, 3, 3, body.length >> 8, body.length & 0xff]), body]);
}

export function message(type: number, body: Buffer): Buffer {
	return Buffer.concat([Buffer.from([type, 0, body.length >> 8, body.length & 0xff]), body]);
}

export const alert = (level: number, description: number): Buffer => record(21, Buffer.from([level, description]));

/** Chooses ECDHE_RSA with AES-128-GCM. @param extensions without the length of them all */
export function serverHello(version: [number, number] = [3, 3], suite = [0xc0, 0x2f], extensions?: Buffer): Buffer {
	const hello = Buffer.from([...version, ...new Array(32).fill(0x5a), 0, ...suite, 0]);
	if (!extensions) return message(2, hello);
	return message(
		2,
		Buffer.concat([hello, Buffer.from([extensions.length >> 8, extensions.length & 0xff]), extensions]),
	);
}

export function extension(type: number, content: Buffer): Buffer {
	return Buffer.concat([Buffer.from([type >> 8, type & 0xff, content.length >> 8, content.length & 0xff]), content]);
}

/** @param chain certificates in DER */
export function certificate(...chain: Buffer[]): Buffer {
	const list = Buffer.concat(chain.map((der) => Buffer.concat([length3(der.length), der])));
	return message(11, Buffer.concat([length3(list.length), list]));
}

/** A point on P-256, here its generator, and what is to be a signature of it. */
export function serverKeyExchange(hash: number, algorithm: number, signature: Buffer): Buffer {
	const point = Buffer.from(
		"046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
		"hex",
	);
	const tail = Buffer.from([hash, algorithm, signature.length >> 8, signature.length & 0xff]);
	return message(12, Buffer.concat([Buffer.from([3, 0, 23, point.length]), point, tail, signature]));
}

export const serverHelloDone = (): Buffer => message(14, Buffer.alloc(0));

function length3(length: number): Buffer {
	return Buffer.from([length >> 16, (length >> 8) & 0xff, length & 0xff]);
}
