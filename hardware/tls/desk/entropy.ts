/** Resolved by the XS compiler: the C function of that name in entropy.c. */
declare function native(name: string): (bytes: number) => ArrayBuffer;

/** @returns bytes from the operating system's random source; throws where it gives none */
export const entropy = (bytes: number): ArrayBuffer => native("xs_tls_entropy")(bytes);
