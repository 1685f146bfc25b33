/** Of hardware/tls, what the virtual board stands in for beside the socket. */
declare module "tls/heap" {
	/** Bytes free in the heap of XS; undefined where that says nothing. */
	export const freeHeap: () => number | undefined;
}
