import type { TLS } from "./types";

/** In the place of provider.ts: an app without TLS. */
export const tls: TLS | undefined = undefined;
