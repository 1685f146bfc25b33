import Resource from "Resource";
import TLSSocket from "embedded:io/socket/tcp/tls";
import { freeHeap } from "tls/heap";
import type { TLS } from "./types";

/** The authorities that the app's manifests bring as resources: authority-1.der and so on. */
const authorities = (): HostBuffer[] | undefined => {
	const list: HostBuffer[] = [];
	for (let path = "authority-1.der"; Resource.exists(path); path = `authority-${list.length + 1}.der`)
		list.push(new Resource(path));
	return list.length ? list : undefined;
};

/** With an SMTP client a handshake takes more than by itself: slots and chunks grow in steps, and share one block. */
const MEMORY_NEEDED = 14336;

/** TLS as an SMTP client takes it, for an app that includes `manifest.json` beside this file. */
export const tls: TLS | undefined = Object.freeze({
	io: TLSSocket,
	secure: Object.freeze({
		/** Asked for at each handshake, for what is preloaded cannot hold a resource. */
		get certificate() {
			return authorities();
		},
	}),
	freeMemory: freeHeap,
	memoryNeeded: MEMORY_NEEDED,
});
