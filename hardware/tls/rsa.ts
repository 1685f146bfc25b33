import { inRAM } from "tls/der";

/** Resolved by the XS compiler: the C function of that name in rsa.c. */
declare function native(name: string): (modulus: Uint8Array, signature: Uint8Array) => ArrayBuffer | undefined;

/**
 * RSA's public operation (RFC 8017, 5.2.2) with the exponent 65,537.
 * @param modulus odd, and as long as the signature
 * @returns what was signed; undefined where the signature is no number below the modulus
 */
export const open = (modulus: Uint8Array, signature: Uint8Array): ArrayBuffer | undefined =>
	native("xs_tls_rsa")(inRAM(modulus), inRAM(signature));
