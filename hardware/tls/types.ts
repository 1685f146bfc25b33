// biome-ignore-start lint/suspicious/noExplicitAny: the class is the platform's, and its dictionary its own

/** What an ECMA-419 client takes for its `tls`: the class, and entries for its dictionary. */
export interface TLS {
	readonly io: new (options: any) => any;
	readonly [option: string]: unknown;
}

// biome-ignore-end lint/suspicious/noExplicitAny: see above
