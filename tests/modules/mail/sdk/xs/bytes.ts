/** The bytes of every file. */
export const LENGTH = 10_001;

export const byteAt = (index: number): number => (index * 167 + (index >> 3) + (index >> 11)) & 255;

export const bytes = (): ArrayBuffer => Uint8Array.from({ length: LENGTH }, (_, index) => byteAt(index)).buffer;
