/* instrumentation, as the SDK's modules/base/instrumentation in an instrumented build */
class Instrumentation {
	static get(what) @ "xs_instrumentation_get";
	static map(name) @ "xs_instrumentation_map";
	static name(index) @ "xs_instrumentation_name";
}

export default Instrumentation;
