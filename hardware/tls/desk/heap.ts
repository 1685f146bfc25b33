/** A desk has memory enough. */
export const freeHeap = (_forBuffers?: boolean): number | undefined => undefined;
