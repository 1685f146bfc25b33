/* embedded:io/socket/udp, as the SDK's modules/io/socket/lwip */
class UDP @ "xs_udp_destructor" {
	constructor(dictionary) @ "xs_udp_constructor";
	close() @ "xs_udp_close";
	read() @ "xs_udp_read";
	write(buffer, address, port) @ "xs_udp_write";
	add(address) @ "xs_udp_add";
	remove(address) @ "xs_udp_remove";
	get format() {
		return "buffer";
	}
	set format(value) {
		if ("buffer" !== value)
			throw new RangeError;
	}
}
Object.freeze(UDP.prototype);

export default UDP;
