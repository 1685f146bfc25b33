/** Domain names beyond ASCII, such as bücher.example, in the form that every server takes (RFC 5890, 2.3.2.1: A-labels). */
import { domainToASCII } from "node:url";

/** xn--bcher-kva.example of bücher.example; a name that is ASCII, or no domain name, stays as it is. */
export function asciiDomain(domain: string): string {
	return isASCII(domain) || !domain.includes(".") ? domain : domainToASCII(domain) || domain;
}

/** The same with an address: what is before the @ stays. */
export function asciiAddress(address: string): string {
	const at = address.lastIndexOf("@");
	return at < 0 ? address : address.slice(0, at + 1) + asciiDomain(address.slice(at + 1));
}

export function isASCII(text: string): boolean {
	return Buffer.byteLength(text) === text.length;
}
