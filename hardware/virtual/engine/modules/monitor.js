/* pins/digital/monitor, as the SDK's modules/pins/digital/monitor; who wants to hear of edges sets onChanged */
class Monitor @ "xs_digital_monitor_destructor" {
	constructor(dictionary) @ "xs_digital_monitor";
	close() @ "xs_digital_monitor_close";
	read() @ "xs_digital_monitor_read";
	get rises() @ "xs_digital_monitor_get_rises";
	get falls() @ "xs_digital_monitor_get_falls";
}
Monitor.Rising = 1;
Monitor.Falling = 2;
Object.freeze(Monitor.prototype);

export default Monitor;
