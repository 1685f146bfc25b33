/** Certificates that no authority would issue: taken apart, changed, and signed again. */
import { createPrivateKey, sign } from "node:crypto";
import { derOf, type Identity } from "./authority.js";

/** An element of DER: its tag, and its content or the elements in it. */
export interface Element {
	tag: number;
	content: Buffer | Element[];
}

/** The fields of a TBSCertificate of version 3 (RFC 5280, 4.1), by their place. */
export const Field = { version: 0, serial: 1, algorithm: 2, issuer: 3, validity: 4, subject: 5, key: 6, extensions: 7 };

/** An identity whose certificate `edit` has changed; signed by its issuer's key, or its own, with SHA-256. */
export function forged(identity: Identity, edit: (fields: Element[]) => void): Identity {
	const whole = parse(derOf(identity));
	const [signed, algorithm] = children(whole) as [Element, Element];
	edit(children(signed));
	const signature = sign("sha256", encode(signed), createPrivateKey((identity.issuer ?? identity).key));
	const bits: Element = { tag: 3, content: Buffer.concat([Buffer.from([0]), signature]) };
	return withDER(identity, encode({ tag: 0x30, content: [signed, algorithm, bits] }));
}

/** The same identity with another certificate. */
export function withDER(identity: Identity, der: Buffer): Identity {
	const lines = der.toString("base64").match(/.{1,64}/g) as string[];
	const certificate = ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
	return { ...identity, certificate };
}

/** The list of extensions. */
export function extensionsOf(fields: Element[]): Element[] {
	const [list] = children(fields[Field.extensions] as Element);
	return children(list as Element);
}

export function children({ content }: Element): Element[] {
	if (Buffer.isBuffer(content)) throw new Error("no elements");
	return content;
}

/** All of it, with the elements of what is constructed. */
export function parse(bytes: Buffer): Element {
	const [first] = parseAll(bytes);
	return first as Element;
}

export function encode({ tag, content }: Element): Buffer {
	const bytes = Buffer.isBuffer(content) ? content : Buffer.concat(content.map(encode));
	return Buffer.concat([Buffer.from([tag]), lengthOf(bytes.length), bytes]);
}

function parseAll(bytes: Buffer): Element[] {
	const elements: Element[] = [];
	for (let position = 0; position < bytes.length; ) {
		const tag = bytes[position] as number;
		let length = bytes[position + 1] as number;
		position += 2;
		if (length >= 0x80) {
			const count = length - 0x80;
			length = bytes.readUIntBE(position, count);
			position += count;
		}
		const content = bytes.subarray(position, position + length);
		elements.push({ tag, content: tag & 0x20 ? parseAll(content) : content });
		position += length;
	}
	return elements;
}

function lengthOf(length: number): Buffer {
	if (length < 0x80) return Buffer.from([length]);
	if (length < 0x100) return Buffer.from([0x81, length]);
	return Buffer.from([0x82, length >> 8, length & 0xff]);
}
