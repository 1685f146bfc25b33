/* What the bench's program asks of the desk, on the SDK's own engine. */
export default class Desk {
	static mark() @ "xs_desk_mark";
	static exit(code) @ "xs_desk_exit";
	static report(text) @ "xs_desk_report";
	static read(buffer) @ "xs_desk_read";
}
Object.freeze(Desk.prototype);
