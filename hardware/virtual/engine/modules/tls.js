/* embedded:io/socket/tcp/tls: in the shape of the SDK's examples/io/tcp/tlssocket, by the desk's TLS */
class TLSSocket @ "xs_tcp_destructor" {
	constructor(dictionary) @ "xs_tls_constructor";
	close() @ "xs_tcp_close";
	read(count) @ "xs_tcp_read";
	write(buffer) @ "xs_tcp_write";
	get remoteAddress() @ "xs_tcp_get_remoteAddress";
	get remotePort() @ "xs_tcp_get_remotePort";
	get format() @ "xs_tcp_get_format";
	set format(it) @ "xs_tcp_set_format";
}

export default TLSSocket;
