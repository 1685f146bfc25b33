/** What is to be where. */
export interface Segment {
	address: number;
	bytes: Uint8Array;
}

const HEADER_SIZE = 52;
const PROGRAM_HEADER_SIZE = 32;
const EXECUTABLE = 2;
const MACHINE_XTENSA = 94;
const TYPE_LOAD = 1;
const READ_WRITE_EXECUTE = 7;

/** An ELF file for Xtensa with these segments and no sections. */
export function elf(entry: number, segments: readonly Segment[]): Uint8Array {
	const headers = HEADER_SIZE + PROGRAM_HEADER_SIZE * segments.length;
	const file = new Uint8Array(segments.reduce((size, { bytes }) => size + bytes.length, headers));
	const view = new DataView(file.buffer);
	const put16 = (at: number, value: number) => view.setUint16(at, value, true);
	const put32 = (at: number, value: number) => view.setUint32(at, value, true);
	file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
	put16(16, EXECUTABLE);
	put16(18, MACHINE_XTENSA);
	put32(20, 1);
	put32(24, entry);
	put32(28, HEADER_SIZE);
	put16(40, HEADER_SIZE);
	put16(42, PROGRAM_HEADER_SIZE);
	put16(44, segments.length);
	let offset = headers;
	segments.forEach(({ address, bytes }, index) => {
		const header = HEADER_SIZE + index * PROGRAM_HEADER_SIZE;
		const fields = [TYPE_LOAD, offset, address, address, bytes.length, bytes.length, READ_WRITE_EXECUTE, 4];
		fields.forEach((value, field) => {
			put32(header + field * 4, value);
		});
		file.set(bytes, offset);
		offset += bytes.length;
	});
	return file;
}
