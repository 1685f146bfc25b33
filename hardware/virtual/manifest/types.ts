export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** `creation` of a manifest: the sizes of the machine the app runs in. Bytes, but for slots where it says so. */
export interface Creation {
	/** The one block that stack, slots and chunks share. */
	static: number;
	chunk: { initial: number; incremental: number };
	/** In slots. */
	heap: { initial: number; incremental: number };
	/** In slots. */
	stack: number;
	/** Names made at run time. */
	keys: { initial: number; incremental: number };
	/** The main module's name. */
	main: string;
}

/** Some of a `creation`, to lay over another. */
export type PartialCreation = {
	[Key in keyof Creation]?: Creation[Key] extends object ? Partial<Creation[Key]> : Creation[Key];
};

/** What a manifest and all it includes come to. */
export interface App {
	/** Names of modules and the files they are made from, TypeScript or JavaScript. */
	modules: Map<string, string>;
	/** Names of modules to preload, in order. */
	preload: string[];
	config: JsonObject;
	/** Names of resources, with their extension, and the files that they are. */
	resources: Map<string, string>;
	creation: Creation;
	/** Typings that `typescript.tsconfig.compilerOptions.types` names. */
	typings: string[];
	/** All manifests read, the app's own last. */
	files: string[];
	/** Includes and sources of the SDK, which the board itself stands in for. */
	skipped: string[];
	/** `warning`s of manifests. */
	warnings: string[];
}
