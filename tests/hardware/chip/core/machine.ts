import { Assembler } from "./assembler.js";
import { elf, type Segment } from "./elf.js";
import {
	accesses,
	arithmetic,
	branches,
	constants,
	type Instruction,
	jx,
	ret,
	retN,
	rfde,
	rfe,
	rfi,
	rsr,
	Special,
	simcall,
	wsr,
} from "./encode.js";

const VECTORS = 0x40000000;
const START = 0x50000000;
const CODE = 0x60000000;
const CODE_SIZE = 0x3c000;
const LITERALS = 2048;
/** What loads and stores go to. */
export const DATA = 0x60100000;
export const DATA_SIZE = 0x10000;
/** In the data RAM, of a region whose attributes are others in each program: a subroutine that returns, and free memory. */
export const SUBROUTINE = 0x3ffc0000;
export const OTHER_DATA = 0x3ffc1000;
/** No memory in either machine; its attributes are the programs' to change. */
export const EMPTY_REGION = 0xa0000000;
/** Where the next record goes. */
const STATE = 0x60140000;
const RECORDS = 0x60200000;

/** The special registers that a record has after a0 to a15. */
export const recordedSpecials = [
	...(["SAR", "LITBASE", "EPC1", "EPC2", "EPC3", "DEPC", "EPS2", "EPS3", "EXCSAVE1", "EXCSAVE2", "EXCSAVE3"] as const),
	...([
		"INTERRUPT",
		"INTENABLE",
		"PS",
		"EXCCAUSE",
		"EXCVADDR",
		"DEBUGCAUSE",
		"VECBASE",
		"CCOMPARE0",
		"ICOUNT",
	] as const),
];
export const RECORD_BYTES = 4 * (16 + recordedSpecials.length);

const VECTOR_SIZE = 0x100;
const CALL_EXIT = 1;
const CALL_WRITE = 4;
const STANDARD_OUTPUT = 1;
const CAUSE_INTERRUPT = 4;
/** Fetches that fail: the handler cannot go on behind the instruction, for there is none. */
const FETCH_CAUSES = [2, 14, 20];

const { l32i, s32i, l8ui } = accesses;
const { addi, movi } = constants;

/**
 * What every program is made around: it begins, records all registers after each of its steps, lives through exceptions and
 * writes down at the end what it has recorded. It runs on QEMU's "sim" machine and on ours. DDR, IBREAKA0 and DBREAKA0 hold
 * registers meanwhile; what a step leaves in them is lost.
 */
export class Machine {
	readonly code = new Assembler(CODE, LITERALS, CODE_SIZE);
	readonly #recorder: number;
	readonly #begin: number;

	constructor() {
		this.#recorder = this.#emitRecorder();
		this.code.align();
		this.#begin = this.code.here;
	}

	/** Records all registers; they stay what they are. */
	record(): void {
		this.code.emit(wsr(0, Special.DDR));
		this.code.call(this.#recorder);
		this.code.emit(rsr(0, Special.DDR));
	}

	/** Ends the program: the records are written to standard output, then the data. */
	end(): void {
		this.code.load(6, STATE);
		this.code.emit(l32i.encode(5, 6, 0));
		this.code.load(4, RECORDS);
		this.code.emit(arithmetic.sub(5, 5, 4));
		this.#simcall(CALL_WRITE, STANDARD_OUTPUT);
		this.code.load(4, DATA);
		this.code.load(5, DATA_SIZE);
		this.#simcall(CALL_WRITE, STANDARD_OUTPUT);
		this.#simcall(CALL_EXIT, 0);
	}

	/** The program's file. @param data what is at DATA when it begins */
	file(data: Uint8Array): Uint8Array {
		return elf(START, [...vectors(), ...start(this.#begin), { address: DATA, bytes: data }, ...this.#rest()]);
	}

	#rest(): Segment[] {
		const subroutine = new Assembler(SUBROUTINE, 0, 16);
		subroutine.emit(retN());
		return [
			{ address: CODE, bytes: this.code.bytes },
			{ address: STATE, bytes: new Uint8Array(Uint32Array.of(RECORDS).buffer) },
			{ address: SUBROUTINE, bytes: subroutine.bytes },
		];
	}

	#simcall(number: number, argument: number): void {
		this.code.emit(movi(2, 0, number), movi(3, 0, argument), simcall());
	}

	/** The subroutine behind `record`: a0 is in DDR. */
	#emitRecorder(): number {
		const { code } = this;
		code.align();
		const here = code.here;
		code.emit(wsr(15, Special.IBREAKA0));
		code.load(15, STATE);
		code.emit(l32i.encode(15, 15, 0));
		for (let register = 1; register < 15; register++) code.emit(s32i.encode(register, 15, register));
		code.emit(arithmetic["mov.n"](14, 15), rsr(13, Special.DDR), s32i.encode(13, 14, 0));
		code.emit(rsr(13, Special.IBREAKA0), s32i.encode(13, 14, 15));
		recordedSpecials.forEach((name, index) => {
			code.emit(rsr(13, Special[name]), s32i.encode(13, 14, 16 + index));
		});
		code.load(13, RECORD_BYTES);
		code.emit(arithmetic.add(13, 13, 14));
		code.load(15, STATE);
		code.emit(s32i.encode(13, 15, 0));
		for (const register of [13, 15, 14]) code.emit(l32i.encode(register, 14, register));
		code.emit(ret());
		return here;
	}
}

/** At START, where the processor begins: to the program. */
function start(begin: number): Segment[] {
	const jump = new Assembler(START, 0, 16);
	jump.jump(START + 8);
	const code = new Assembler(START + 4, 1, 64);
	code.load(0, begin);
	code.emit(jx(0));
	return [
		{ address: START, bytes: jump.bytes },
		{ address: START + 4, bytes: code.bytes },
	];
}

/** Exceptions: go on behind the instruction; where it could not be fetched, where a0 says. */
function vectors(): Segment[] {
	const handlers: [vector: number, counter: number, back: Instruction][] = [
		[0x10, Special.EPC2, rfi(2)],
		[0x20, Special.EPC3, rfi(3)],
		[0x30, Special.EPC1, rfe()],
		[0x50, Special.EPC1, rfe()],
		[0x70, Special.DEPC, rfde()],
	];
	return handlers.flatMap(([vector, counter, back], index) => {
		const handler = new Assembler(VECTORS + VECTOR_SIZE * (index + 1), 0, VECTOR_SIZE);
		emitHandler(handler, counter, back);
		const jump = new Assembler(VECTORS + vector, 0, 16);
		jump.jump(handler.base);
		return [jump, handler].map(({ base, bytes }) => ({ address: base, bytes }));
	});
}

function emitHandler(code: Assembler, counter: number, back: Instruction): void {
	code.emit(wsr(15, Special.IBREAKA0), wsr(14, Special.DBREAKA0), rsr(15, counter));
	const setCounter = [wsr(15, counter), rsr(15, Special.IBREAKA0), rsr(14, Special.DBREAKA0), back];
	const interrupt = [
		movi(14, 0, -1),
		wsr(14, Special.INTCLEAR),
		rsr(14, Special.CCOMPARE0),
		wsr(14, Special.CCOMPARE0),
		...setCounter,
	];
	const cannotFetch = [arithmetic["mov.n"](15, 0), ...setCounter];
	if (counter === Special.EPC1) onCause(code, CAUSE_INTERRUPT, interrupt);
	if (counter === Special.EPC1 || counter === Special.DEPC)
		for (const cause of FETCH_CAUSES) onCause(code, cause, cannotFetch);
	code.emit(
		l8ui.encode(14, 15, 0),
		addi(15, 15, 2),
		branches["bbsi (0 to 15)"](14, 3, 2),
		addi(15, 15, 1),
		...setCounter,
	);
}

/** If EXCCAUSE is this: other instructions. */
function onCause(code: Assembler, cause: number, instructions: Instruction[]): void {
	const length = instructions.reduce((sum, { bytes }) => sum + bytes, 0);
	code.emit(rsr(14, Special.EXCCAUSE), addi(14, 14, -cause), branches.bnez(14, 0, length - 1), ...instructions);
}
