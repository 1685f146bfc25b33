import {
	accesses,
	arithmetic,
	branches,
	break_,
	breakN,
	callx0,
	constants,
	type Instruction,
	j,
	jx,
	l32r,
	ret,
	retN,
	rfde,
	rfe,
	rfi,
	rsil,
	rsr,
	Special,
	simcall,
	syscall,
	waiti,
	wsr,
} from "./encode.js";
import { DATA, DATA_SIZE, EMPTY_REGION, OTHER_DATA, SUBROUTINE } from "./machine.js";
import { anyValue, register, type Step } from "./step.js";
import { undefinedInstruction } from "./undefined.js";

/** No memory in either machine. */
const NOWHERE = [0x10000000, 0x20000000, 0x70000000, EMPTY_REGION, EMPTY_REGION];
/** PS.INTLEVEL, EXCM and UM. */
export const PS_BITS = 0x3f;
const PS_EXCM = 0x10;
const SOFTWARE_INTERRUPT = 0x80;
const TIMER_INTERRUPT = 0x40;

const lengthOf = (instructions: readonly Instruction[]) => instructions.reduce((sum, { bytes }) => sum + bytes, 0);

/** An instruction that goes over one that would show; `through` holds the address, and instructions before it take it from there. */
function jumpStep(through: number | undefined, encode: (through: number) => Instruction[]): Step {
	return ({ code }, random) => {
		const holder = through ?? register(random);
		const instructions = encode(holder);
		code.load(holder, code.here + 3 + lengthOf(instructions) + 3);
		code.emit(...instructions, constants.addmi(register(random), register(random), 1));
	};
}

/** Calls a subroutine behind it, or before it. */
const call0Step: Step = ({ code }, random) => {
	const shown = register(random) || 1;
	const body = [constants.addmi(shown, shown, 3), random.below(2) ? ret() : retN()];
	const subroutine = (code.here + 3 + 3) & ~3;
	code.jump(subroutine + lengthOf(body));
	code.skipTo(subroutine);
	code.emit(...body);
	code.call(subroutine);
};

/** From where LITBASE says; elsewhere in a program it is 0, as LOAD's literals need it. */
const litbaseStep: Step = ({ code }, random) => {
	const [d, holder] = [1 + random.below(7), 8 + random.below(8)];
	const base = DATA + DATA_SIZE;
	code.load(holder, base | 1);
	code.emit(wsr(holder, Special.LITBASE), l32r(d, -1 - random.below(DATA_SIZE / 4)), constants.movi(holder, 0, 0));
	code.emit(wsr(holder, Special.LITBASE));
};

const nowhereStep: Step = ({ code }, random) => {
	const holder = register(random);
	code.load(holder, random.of(NOWHERE));
	code.emit(random.of(Object.values(accesses)).encode(register(random), holder, 0));
};

/** In the region that may be forbidden. */
const otherDataStep: Step = ({ code }, random) => {
	const holder = register(random);
	code.load(holder, OTHER_DATA + 4 * random.below(64));
	code.emit(random.of(Object.values(accesses)).encode(register(random), holder, 0));
};

/** Calls where nothing is, or where it may be forbidden. */
const callAwayStep: Step = ({ code }, random) => {
	const holder = register(random);
	code.load(holder, random.below(2) ? SUBROUTINE : random.of(NOWHERE));
	code.emit(callx0(holder));
};

/** Sets PS to what `bits` and chance say. */
function setPS(level: number | undefined, bits: number): Step {
	return ({ code }, random) => {
		const ps = bits | (level ?? random.below(16)) | (random.below(2) ? 0x20 : 0);
		code.emit(constants.movi(1, 0, ps), wsr(1, Special.PS));
	};
}

function after(first: Step, then: Step): Step {
	return (machine, random) => {
		first(machine, random);
		then(machine, random);
	};
}

const simply = (...choices: (() => Instruction)[]): Step => {
	return ({ code }, random) => code.emit(random.of(choices)());
};

const unaligned: Step = ({ code }, random) => {
	code.load(3, DATA + 4 * random.below(1000) + 1 + random.below(3));
	code.emit(random.below(2) ? accesses.l32i.encode(5, 3, 0) : accesses.s32i.encode(5, 3, 0));
};

/** A software interrupt: at once if PS lets it, else when it does. */
const interruptStep: Step = ({ code }, random) => {
	code.emit(constants.movi(2, 0, SOFTWARE_INTERRUPT), wsr(2, Special.INTENABLE), rsil(3, random.below(3)));
	code.emit(
		wsr(2, Special.INTSET),
		constants.addi(4, 4, 1),
		constants.addi(4, 4, 1),
		rsil(3, 0),
		constants.addi(4, 4, 1),
	);
	code.emit(constants.movi(2, 0, 0), wsr(2, Special.INTENABLE), constants.movi(2, 0, -1), wsr(2, Special.INTCLEAR));
};

const waitForSoftware: Step = ({ code }) => {
	code.emit(constants.movi(2, 0, SOFTWARE_INTERRUPT), wsr(2, Special.INTENABLE), rsil(3, 1), wsr(2, Special.INTSET));
	code.emit(waiti(0), constants.addi(4, 4, 1), constants.movi(2, 0, 0), wsr(2, Special.INTENABLE));
};

/** Until CCOUNT is CCOMPARE. */
const waitForTimer: Step = ({ code }, random) => {
	code.emit(constants.movi(2, 0, TIMER_INTERRUPT), rsil(3, 1), rsr(5, Special.CCOUNT));
	code.emit(constants.addi(5, 5, 3 + random.below(60)), wsr(5, Special.CCOMPARE0), wsr(2, Special.INTENABLE), waiti(0));
	code.emit(constants.movi(2, 0, 0), wsr(2, Special.INTENABLE), wsr(2, Special.CCOMPARE0), rsr(5, Special.PRID));
};

/**
 * The timer's interrupt comes while instructions are executed. QEMU's comes up to 25 instructions beside CCOUNT's step: EPC1
 * is not compared.
 */
const timerStep: Step = ({ code }, random) => {
	code.emit(constants.movi(2, 0, TIMER_INTERRUPT), rsr(5, Special.CCOUNT), constants.addi(5, 5, 2 + random.below(20)));
	code.emit(wsr(5, Special.CCOMPARE0), wsr(2, Special.INTENABLE), constants.movi(3, 0, 0), constants.movi(4, 0, 500));
	code.emit(constants.addi(3, 3, 1), constants.addi(4, 4, -1), branches.bnez(4, 0, -3 - 3 - 4));
	code.emit(constants.movi(2, 0, 0), wsr(2, Special.INTENABLE), wsr(2, Special.CCOMPARE0), wsr(2, Special.EPC1));
	code.emit(constants.movi(5, 0, 0));
};

/** Code is executed, overwritten and executed again. */
const changedCodeStep: Step = ({ code }, random) => {
	const shown = 4 + random.below(10);
	const add = () => constants["addi.n"](shown, shown, 1 + random.below(15));
	const nop = arithmetic["nop.n"]();
	code.emit(constants.movi(1, 0, 2));
	code.alignByJump();
	const changed = code.here;
	code.emit(add(), nop, constants.addi(1, 1, -1), branches.beqz(1, 0, 5 * 3 - 1));
	code.load(2, changed);
	code.load(3, add().word | (nop.word << 16));
	code.emit(accesses.s32i.encode(3, 2, 0), arithmetic.isync());
	code.jump(changed);
};

export const controlSteps = {
	j: ({ code }, random) => code.emit(j(2), constants.addmi(register(random), register(random), 1)),
	jx: jumpStep(undefined, (through) => [jx(through)]),
	callx0: jumpStep(undefined, (through) => [callx0(through)]),
	ret: jumpStep(0, () => [ret()]),
	"ret.n": jumpStep(0, () => [retN()]),
	call0: call0Step,
	l32r: ({ code }, random) => code.load(register(random), anyValue(random)),
	"l32r by LITBASE": litbaseStep,
	rfe: jumpStep(undefined, (through) => [wsr(through, Special.EPC1), rfe()]),
	rfde: jumpStep(undefined, (through) => [wsr(through, Special.DEPC), rfde()]),
	"rfi 2": jumpStep(7, (through) => [rsil(6, 2), wsr(6, Special.EPS2), wsr(through, Special.EPC2), rfi(2)]),
	"rfi 3": jumpStep(7, (through) => [rsil(6, 1), wsr(6, Special.EPS3), wsr(through, Special.EPC3), rfi(3)]),
	syscall: simply(syscall),
	break: ({ code }, random) => code.emit(break_(register(random), register(random))),
	"break.n": ({ code }, random) => code.emit(breakN(register(random))),
	"break at PS.INTLEVEL 0": after(
		setPS(0, 0),
		simply(
			() => break_(1, 2),
			() => breakN(3),
		),
	),
	undefined: ({ code }, random) => code.emit(undefinedInstruction(random)),
	"access to nothing": nowhereStep,
	"access in the other region": otherDataStep,
	"call away": callAwayStep,
	"system call in an exception's handler": after(setPS(undefined, PS_EXCM), simply(syscall)),
	"unaligned access in an exception's handler": after(setPS(undefined, PS_EXCM), unaligned),
	"PS as it is between exceptions": setPS(0, 0),
	"software interrupt": after(setPS(0, 0), interruptStep),
	"waiti, a software interrupt": after(setPS(0, 0), waitForSoftware),
	"waiti, the timer's interrupt": after(setPS(0, 0), waitForTimer),
	"the timer's interrupt": after(setPS(0, 0), timerStep),
	"code that is changed": changedCodeStep,
	"simcall that is none": ({ code }) => code.emit(constants.movi(2, 0, 77), simcall()),
} satisfies Record<string, Step>;
