import { TLSError } from "tls/error";

/** Tags of the elements that certificates are made of (X.690, 8). */
export const enum Tag {
	Boolean = 0x01,
	Integer = 0x02,
	BitString = 0x03,
	OctetString = 0x04,
	ObjectIdentifier = 0x06,
	UTCTime = 0x17,
	GeneralizedTime = 0x18,
	Sequence = 0x30,
	Set = 0x31,
	/** [0] to [7] where they hold other elements (0xa.) or bytes (0x8.). */
	Context0 = 0xa0,
	Context3 = 0xa3,
	Bytes1 = 0x81,
	/** Among names, a dNSName. */
	Bytes2 = 0x82,
	/** Among names, an iPAddress. */
	Bytes7 = 0x87,
}

/**
 * Reads DER (X.690, 10), one element after the other. It was sent by someone who is not trusted yet: what reaches beyond
 * the bytes given, or is not what is asked for, throws.
 */
export class DER {
	private bytes: Uint8Array;
	private position = 0;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	/** Whether there are no more elements. */
	get done(): boolean {
		return this.position >= this.bytes.length;
	}

	/** The tag of the element that is next; undefined at the end. */
	get tag(): number | undefined {
		return this.bytes[this.position];
	}

	/** @returns the content of the next element, as a view */
	read(tag: number | undefined): Uint8Array {
		return this.next(tag, false);
	}

	/** @returns the next element as it stands, with tag and length, as a view */
	element(tag: number): Uint8Array {
		return this.next(tag, true);
	}

	/** @returns the elements in the next one, which is a SEQUENCE */
	sequence(): DER {
		return new DER(this.read(Tag.Sequence));
	}

	/** @returns the bytes of a BIT STRING that has no unused bits */
	bits(): Uint8Array {
		const content = this.read(Tag.BitString);
		if (content[0] !== 0) throw malformed();
		return content.subarray(1);
	}

	/** @returns an INTEGER that is not negative: its bytes, without a leading zero, as a view */
	unsigned(): Uint8Array {
		const content = this.read(Tag.Integer);
		const isPadded = content[0] === 0 && content.length > 1;
		if (!(content[0] < 0x80) || (isPadded && content[1] < 0x80)) throw malformed();
		return isPadded ? content.subarray(1) : content;
	}

	/** @returns an INTEGER from 0 to 255 */
	small(): number {
		const content = this.unsigned();
		if (content.length !== 1) throw malformed();
		return content[0];
	}

	/** @returns a BOOLEAN; false where there is none */
	optional(): boolean {
		if (this.tag !== Tag.Boolean) return false;
		const [value, more] = this.read(Tag.Boolean);
		if ((value !== 0 && value !== 0xff) || more !== undefined) throw malformed();
		return value !== 0;
	}

	/** Throws where there is more. */
	end(): void {
		if (!this.done) throw malformed();
	}

	/** @returns an OBJECT IDENTIFIER's content in hexadecimal digits */
	identifier(): string {
		return hexadecimal(this.read(Tag.ObjectIdentifier));
	}

	private next(tag: number | undefined, whole: boolean): Uint8Array {
		const bytes = this.bytes;
		const start = this.position;
		let position = start + 2;
		let length = bytes[start + 1];
		if (tag !== undefined && bytes[start] !== tag) throw malformed();
		if (length >= 0x80) {
			let count = length - 0x80;
			if (count < 1 || count > 3) throw malformed();
			const least = count === 1 ? 0x80 : 1 << (8 * count - 8);
			for (length = 0; count > 0; count--) length = (length << 8) | bytes[position++];
			if (!(length >= least)) throw malformed(); // there is one way to write a length (X.690, 10.1)
		}
		const end = position + length;
		if (!(end <= bytes.length)) throw malformed();
		this.position = end;
		return bytes.subarray(whole ? start : position, end);
	}
}

/**
 * A copy in RAM. What a `Resource` has is in flash, which the ESP8266 reads by words: the SDK's XS does so for elements, and
 * where it makes one array from another, but not in `slice`, which would end in an exception of the processor.
 */
export const inRAM = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

/** A big-endian number. */
export const integerOf = (bytes: Uint8Array): bigint => BigInt.fromArrayBuffer(inRAM(bytes).buffer) as bigint;

export const malformed = (): TLSError => new TLSError("its certificate is malformed", 42);

const hexadecimal = (bytes: Uint8Array): string => {
	if (bytes.length === 0 || bytes.length > 32) throw malformed();
	let digits = "";
	for (let i = 0; i < bytes.length; i++) digits += (0x100 + bytes[i]).toString(16).slice(1);
	return digits;
};
