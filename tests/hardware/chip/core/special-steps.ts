/** RSR, WSR and XSR of every special register, and the region attributes. */

import { PS_BITS } from "./control-steps.js";
import { constants, region, rsil, rsr, Special, tlb, wsr, xsr } from "./encode.js";
import { EMPTY_REGION } from "./machine.js";
import { anyValue, register, type Step } from "./step.js";

type Name = keyof typeof Special;

/** Writes any value (of the bits in `mask`), exchanges it, reads it back; then leaves `rest` there, if it is not to stay. */
function writable(name: Name, mask = 0xffffffff, rest?: number): Step {
	return ({ code }, random) => {
		const [s, x, t] = [register(random), register(random), register(random)];
		code.load(s, anyValue(random) & mask);
		code.load(x, anyValue(random) & mask);
		code.emit(wsr(s, Special[name]));
		if (random.below(2)) code.emit(xsr(x, Special[name]));
		code.emit(rsr(t, Special[name]));
		if (rest === undefined) return;
		code.load(s, rest);
		code.emit(wsr(s, Special[name]));
	};
}

function readable(name: Name): Step {
	return ({ code }, random) => code.emit(rsr(register(random), Special[name]));
}

/** Written with any value, of which another register shows what it does. */
function writeOnly(name: Name): Step {
	return ({ code }, random) => {
		const s = register(random);
		code.load(s, anyValue(random));
		code.emit(wsr(s, Special[name]), rsr(register(random), Special.INTERRUPT));
	};
}

/**
 * Changes an attribute where no memory is. QEMU 7.2 does not see such a change in what it has translated already, but for the
 * first 4 KB of a region.
 */
function attribute(read: number, write: number, probe: number): Step {
	return ({ code }, random) => {
		const [s, t] = [8 + random.below(8), random.below(8)];
		code.load(s, EMPTY_REGION);
		code.emit(constants.movi(t, 0, random.below(3) ? 2 : random.below(16)), tlb(write, s, t));
		code.emit(tlb(read, s, random.below(8)), tlb(probe, s, random.below(8)));
	};
}

const { witlb, ritlb0, ritlb1, pitlb, iitlb, wdtlb, rdtlb0, rdtlb1, pdtlb, idtlb } = region;

export const specialSteps: Record<string, Step> = {
	"SAR, any value": writable("SAR"),
	LITBASE: writable("LITBASE", 0xfffff000, 0),
	IBREAKENABLE: writable("IBREAKENABLE", 1, 0),
	DDR: writable("DDR"),
	IBREAKA0: writable("IBREAKA0"),
	DBREAKA0: writable("DBREAKA0"),
	DBREAKC0: writable("DBREAKC0", 0xffffffff, 0),
	EPC1: writable("EPC1"),
	EPC2: writable("EPC2"),
	EPC3: writable("EPC3"),
	DEPC: writable("DEPC"),
	EPS2: writable("EPS2", PS_BITS),
	EPS3: writable("EPS3", PS_BITS),
	EXCSAVE1: writable("EXCSAVE1"),
	EXCSAVE2: writable("EXCSAVE2"),
	EXCSAVE3: writable("EXCSAVE3"),
	INTENABLE: writable("INTENABLE", 0x7fff, 0),
	PS: writable("PS", PS_BITS),
	VECBASE: writable("VECBASE", 0xffffffff, 0x40000000),
	EXCCAUSE: writable("EXCCAUSE"),
	EXCVADDR: writable("EXCVADDR"),
	ICOUNT: writable("ICOUNT"),
	ICOUNTLEVEL: writable("ICOUNTLEVEL", 0),
	CCOMPARE0: writable("CCOMPARE0", 0xffffffff, 0),
	INTSET: writeOnly("INTSET"),
	INTCLEAR: writeOnly("INTCLEAR"),
	INTERRUPT: readable("INTERRUPT"),
	DEBUGCAUSE: readable("DEBUGCAUSE"),
	PRID: readable("PRID"),
	CONFIGID0: readable("CONFIGID0"),
	CONFIGID1: readable("CONFIGID1"),
	rsil: ({ code }, random) => code.emit(rsil(register(random), random.below(16))),
	"witlb, ritlb1, pitlb": attribute(ritlb1, witlb, pitlb),
	"wdtlb, rdtlb1, pdtlb": attribute(rdtlb1, wdtlb, pdtlb),
	"ritlb0, rdtlb0": ({ code }, random) =>
		code.emit(tlb(ritlb0, register(random), register(random)), tlb(rdtlb0, register(random), register(random))),
	"iitlb, idtlb": ({ code }, random) => code.emit(tlb(iitlb, register(random), 0), tlb(idtlb, register(random), 0)),
};
