/** Resolved by the XS compiler: the C function of that name in entropy.c. */
declare function native(name: string): (bytes: number) => ArrayBuffer;

/** @returns bytes from the chip's generator of random numbers, and behind them what differs by board, boot and moment */
export const entropy = (bytes: number): ArrayBuffer => native("xs_tls_entropy")(bytes);
