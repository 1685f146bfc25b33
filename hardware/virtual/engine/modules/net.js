/* net, as the SDK's modules/network/net */
export default class {
	static get(property) @ "xs_net_get";
	static resolve(host, callback) @ "xs_net_resolve";
}
