export default class {
	static get(what) { return native("xs_memory_get").call(this, what); }
	static map(name) { return native("xs_memory_map").call(this, name); }
}
