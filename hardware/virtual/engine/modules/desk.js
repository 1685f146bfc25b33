/* virtual/desk: what a program on the virtual board can ask of the desk; no device has it */
class Desk {
	static read(buffer, file, position) @ "xs_desk_read";
	static report(text) @ "xs_desk_report";
	static mark() @ "xs_desk_mark";
	static exit(code) @ "xs_desk_exit";
}

export default Desk;
