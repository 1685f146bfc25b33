/** Resolved by the XS compiler: the C function of that name in instrumentation.c. */
declare function native(name: string): (...values: unknown[]) => number | undefined;

/** Of the SDK's `instrumentation`, which release builds leave empty, the one figure that an alert reports. */
const instrumentation = Object.freeze({
	/** The figure of an index that `map` gave. */
	get(index: number): number | undefined {
		return native("xs_memory_get").call(this, index);
	},

	/** The index of a figure's name, undefined for all but "System Free Memory". */
	map(name: string): number | undefined {
		return native("xs_memory_map").call(this, name);
	},
});

export default instrumentation;
