/** Resolved by the XS compiler: the C function of that name in heap.c. */
declare function native(name: string): (forBuffers: boolean) => number;

/**
 * Bytes free in the heap of XS after a collection; the system's heap, from which the network lives, is another one.
 * @param forBuffers only what a buffer, or a large number, can be made of
 */
export const freeHeap = (forBuffers = false): number | undefined => native("xs_heap_free")(forBuffers);
