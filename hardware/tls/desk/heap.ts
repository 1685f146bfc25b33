/** A desk has memory enough. */
export const freeHeap = (): number | undefined => undefined;
