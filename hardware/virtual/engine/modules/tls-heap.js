/* tls/heap, as hardware/tls has it for each platform: TLS is the desk's, and takes nothing of the heap. */
export const freeHeap = () => undefined;
