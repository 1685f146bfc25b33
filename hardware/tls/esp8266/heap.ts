/** Resolved by the XS compiler: the C function of that name in heap.c. */
declare function native(name: string): () => number;

/** Bytes free in the heap of XS after a collection; the system's heap, from which the network lives, is another one. */
export const freeHeap = (): number | undefined => native("xs_heap_free")();
