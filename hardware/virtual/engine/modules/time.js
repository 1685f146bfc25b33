/* time, as the SDK's modules/base/time */
class Time {
	static set(seconds) @ "xs_time_set";
	static get timezone() @ "xs_time_timezone_get";
	static set timezone(seconds) @ "xs_time_timezone_set";
	static get dst() @ "xs_time_dst_get";
	static set dst(seconds) @ "xs_time_dst_set";
	static get ticks() @ "xs_time_ticks";
	static delta(start, end) @ "xs_time_delta";
}

export default Time;
