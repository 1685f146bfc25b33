/* embedded:io/socket/tcp/tls: in the shape of the SDK's examples/io/tcp/tlssocket, by the desk's TLS */
import TCP from "embedded:io/socket/tcp";

class TLSSocket @ "xs_tcp_destructor" {
	constructor(dictionary) @ "xs_tls_constructor";
}
Object.setPrototypeOf(TLSSocket.prototype, TCP.prototype);

export default TLSSocket;
