import { call0, type Instruction, j, l32r } from "./encode.js";

/** Code that grows, at an address; literals stand in front of it. */
export class Assembler {
	readonly base: number;
	readonly #bytes: Uint8Array;
	readonly #literals = new Map<number, number>();
	readonly #literalsEnd: number;
	#literalAt: number;
	#at: number;

	/** @param base address of the first literal, a multiple of 4 @param literals how many there is room for @param size in bytes, of all */
	constructor(base: number, literals: number, size: number) {
		this.base = base;
		this.#bytes = new Uint8Array(size);
		this.#literalAt = base;
		this.#literalsEnd = this.#at = base + literals * 4;
	}

	/** The address of the next instruction. */
	get here(): number {
		return this.#at;
	}

	get bytes(): Uint8Array {
		return this.#bytes.subarray(0, this.#at - this.base);
	}

	emit(...instructions: Instruction[]): void {
		for (const { word, bytes } of instructions) {
			for (let i = 0; i < bytes; i++) this.#bytes[this.#at - this.base + i] = word >>> (8 * i);
			this.#at += bytes;
		}
		if (this.#at - this.base > this.#bytes.length) throw new RangeError("the program is too long");
	}

	/** The next instruction begins at a multiple of 4; what is between is not executed. */
	align(): void {
		this.#at = (this.#at + 3) & ~3;
	}

	/** The same where this is reached by execution. */
	alignByJump(): void {
		const target = (this.#at + 3 + 3) & ~3;
		this.jump(target);
		this.skipTo(target);
	}

	/** Goes to an address ahead: what is between stays zero. */
	skipTo(address: number): void {
		if (address < this.#at) throw new RangeError("the code before is too long");
		this.#at = address;
	}

	/** The address of a literal of this value; values are kept once. */
	literal(value: number): number {
		const known = this.#literals.get(value);
		if (known !== undefined) return known;
		if (this.#literalAt === this.#literalsEnd) throw new RangeError("too many literals");
		const address = this.#literalAt;
		this.#literalAt += 4;
		this.#literals.set(value, address);
		new DataView(this.#bytes.buffer).setUint32(address - this.base, value >>> 0, true);
		return address;
	}

	/** Loads a register with any value, by L32R. */
	load(register: number, value: number): void {
		const address = this.literal(value >>> 0);
		this.emit(l32r(register, (address - ((this.#at + 3) & ~3)) / 4));
	}

	/** Calls a subroutine that is here: CALL0. */
	call(address: number): void {
		this.emit(call0((address - ((this.#at & ~3) + 4)) / 4));
	}

	/** Jumps to code that is here: J. */
	jump(address: number): void {
		this.emit(j(address - (this.#at + 4)));
	}
}
