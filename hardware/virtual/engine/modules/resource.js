/* Resource, as the SDK's modules/files/resource */
class Resource @ "xs_resource_destructor" {
	constructor(path) @ "xs_resource_constructor";
	static exists(path) @ "xs_resource_exists";
	get byteLength() @ "xs_resource_get_byteLength";
	slice(begin, end) @ "xs_resource_slice";
}

export default Resource;
