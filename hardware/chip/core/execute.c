/* What instructions do: "Xtensa ISA Reference Manual", 6. What it leaves undefined is done as QEMU does it. */
#include "execute.h"
#include "attributes.h"
#include "costs.h"
#include "decode.h"
#include "exceptions.h"
#include "memory.h"
#include "special.h"

/* Constants that branches compare with, by r: b4const and b4constu. */
static const uint32_t signedConstants[16] = { 0xffffffff, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256 };
static const uint32_t unsignedConstants[16] = { 32768, 65536, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256 };

/* What has come due between two instructions. True: return stop. */
static bool isDue(Cpu* cpu, CpuStop* stop)
{
	if (cpu->cycles >= cpu->compareAt) {
		specialCompare(cpu);
		cpu->interrupt |= INTERRUPT_TIMER;
	}
	if (cpu->breaking || cpu->cycles >= cpu->until) {
		*stop = cpu->breaking ? CPU_BREAK : CPU_TIME;
		cpu->breaking = false;
		return true;
	}
	cpu->deadline = (cpu->until < cpu->compareAt) ? cpu->until : cpu->compareAt;
	if (cpuInterrupted(cpu)) {
		cpu->waiting = false;
		exceptionInterrupt(cpu);
	}
	*stop = CPU_WAIT;
	return cpu->waiting;
}

/* The program can overwrite what it executes here: remember, so that a store looks. */
static void noteCode(Cpu* cpu, const CpuDecoded* d)
{
	if (!(memoryRegion(cpu, d->pc)->allow & ALLOW_WRITE))
		return;
	if (cpu->codeLow == cpu->codeHigh)
		cpu->codeLow = cpu->codeHigh = d->pc;
	if (d->pc < cpu->codeLow)
		cpu->codeLow = d->pc;
	if (d->next > cpu->codeHigh)
		cpu->codeHigh = d->next;
}

/* Decode what is at pc. The cause of an exception, or CPU_OK. */
static int fill(Cpu* cpu, CpuDecoded* d)
{
	uint32_t word;
	int cause = memoryFetch(cpu, cpu->pc, &word);
	if (cause != CPU_OK)
		return cause;
	decode(d, cpu->pc, word);
	noteCode(cpu, d);
	return CPU_OK;
}

/* The decoded instruction at pc, which was not there or is a stop; NULL: *cause says what happens instead. */
enum { CAUSE_IS_STOP = -2 };
static CpuDecoded* lookUp(Cpu* cpu, int* cause)
{
	CpuDecoded* d = &cpu->decoded[cpu->pc % CPU_DECODED];
	bool known = d->pc == cpu->pc && d->operation == OP_STOP;
	bool stop = known || (cpu->isStop && cpu->isStop(cpu->context, cpu->pc));
	bool pass = cpu->passing && cpu->passingAt == cpu->pc;
	if (stop && !pass) {
		*d = (CpuDecoded){ .pc = cpu->pc, .operation = OP_STOP };
		*cause = CAUSE_IS_STOP;
		return NULL;
	}
	if (pass)
		cpu->passing = false;
	if (stop)
		d = &cpu->passed;
	*cause = fill(cpu, d);
	return (*cause == CPU_OK) ? d : NULL;
}

static uint32_t literalAddress(const Cpu* cpu, const CpuDecoded* d)
{
	uint32_t base = (cpu->litbase & 1) ? cpu->litbase - 1 : (cpu->pc + 3) & ~3u;
	return base + d->immediate;
}

static uint32_t leadingZeros(uint32_t value)
{
	return value ? (uint32_t)__builtin_clz(value) : 32;
}

#define S (cpu->a[d->s])
#define T (cpu->a[d->t])
#define R (cpu->a[d->r])
#define SIGNED(value) ((int32_t)(value))
#define COST(of) do { if (counted) cpu->cycles += cpu->costs->of; } while (0)
#define BRANCH(condition) if (condition) { next = d->immediate; COST(takenBranch); } break
#define JUMP(to) next = (to); COST(jump); break
#define MULTIPLY(product) R = (product); if (counted) late(cpu, d->r, cpu->costs->multiply); break
#define LOAD(at, size, result) \
	address = (at); \
	cause = memoryLoad(cpu, address, size, &value); \
	if (cause != CPU_OK) goto fault; \
	T = (result); \
	if (counted) chargeLoad(cpu, address, d->t); \
	break
#define STORE(size) \
	address = S + d->immediate; \
	cause = memoryStore(cpu, address, size, T); \
	if (cause != CPU_OK) goto fault; \
	if (counted) chargeStore(cpu, address); \
	break
#define RAISE(which) cause = (which); goto fault

static inline __attribute__((always_inline)) CpuStop execute(Cpu* cpu, const bool counted)
{
	for (;;) {
		CpuDecoded* d;
		uint32_t next, address = 0, value;
		int cause;
		CpuStop stop;
		if (cpu->cycles >= cpu->deadline && isDue(cpu, &stop))
			return stop;
		d = &cpu->decoded[cpu->pc % CPU_DECODED];
		if (d->pc != cpu->pc || d->operation <= OP_STOP) {
			d = lookUp(cpu, &cause);
			if (!d && cause == CAUSE_IS_STOP)
				return CPU_STOP;
		}
		cpu->cycles++;
		cpu->instructions++;
		if (!d) {
			address = cpu->pc;
			goto fault;
		}
		next = d->next;
		if (counted && (!inLine(cpu->fetchLine, cpu->pc) || !inLine(cpu->fetchLine, next - 1)))
			chargeFetch(cpu, cpu->pc, next);
		if (counted && cpu->late != NO_REGISTER)
			chargeLate(cpu, d);
		switch (d->operation) {
			case OP_ABS: R = (SIGNED(T) < 0) ? 0 - T : T; break;
			case OP_ADD: R = S + T; break;
			case OP_ADDI: T = S + d->immediate; break;
			case OP_ADDX2: R = (S << 1) + T; break;
			case OP_ADDX4: R = (S << 2) + T; break;
			case OP_ADDX8: R = (S << 3) + T; break;
			case OP_AND: R = S & T; break;
			case OP_EXTUI: R = T >> (d->immediate & 31) & ((2u << (d->immediate >> 8)) - 1); break;
			case OP_MOVE: T = S; break;
			case OP_MOVEQZ: if (!T) R = S; break;
			case OP_MOVGEZ: if (SIGNED(T) >= 0) R = S; break;
			case OP_MOVI: T = d->immediate; break;
			case OP_MOVLTZ: if (SIGNED(T) < 0) R = S; break;
			case OP_MOVNEZ: if (T) R = S; break;
			case OP_MUL16S: MULTIPLY((uint32_t)((int16_t)S * (int16_t)T));
			case OP_MUL16U: MULTIPLY((S & 0xffff) * (T & 0xffff));
			case OP_MULL: MULTIPLY(S * T);
			case OP_NEG: R = 0 - T; break;
			case OP_NOP: break;
			case OP_NSA: T = leadingZeros(SIGNED(S) < 0 ? ~S : S) - 1; break;
			case OP_NSAU: T = leadingZeros(S); break;
			case OP_OR: R = S | T; break;
			case OP_SLL: R = (uint32_t)((uint64_t)S << ((32 - cpu->sar) & 63)); break;
			case OP_SLLI: R = S << d->immediate; break;
			case OP_SRA: R = (uint32_t)((int64_t)SIGNED(T) >> cpu->sar); break;
			case OP_SRAI: R = (uint32_t)(SIGNED(T) >> d->immediate); break;
			case OP_SRC: R = (uint32_t)(((uint64_t)S << 32 | T) >> cpu->sar); break;
			case OP_SRL: R = (uint32_t)((uint64_t)T >> cpu->sar); break;
			case OP_SRLI: R = T >> d->immediate; break;
			case OP_SSA8B: cpu->sar = 32 - (S & 3) * 8; break;
			case OP_SSA8L: cpu->sar = (S & 3) * 8; break;
			case OP_SSAI: cpu->sar = d->immediate; break;
			case OP_SSL: cpu->sar = 32 - (S & 31); break;
			case OP_SSR: cpu->sar = S & 31; break;
			case OP_SUB: R = S - T; break;
			case OP_SUBX2: R = (S << 1) - T; break;
			case OP_SUBX4: R = (S << 2) - T; break;
			case OP_SUBX8: R = (S << 3) - T; break;
			case OP_XOR: R = S ^ T; break;

			case OP_BALL: BRANCH(!(~S & T));
			case OP_BANY: BRANCH(S & T);
			case OP_BBC: BRANCH(!(S >> (T & 31) & 1));
			case OP_BBCI: BRANCH(!(S >> d->t & 1));
			case OP_BBS: BRANCH(S >> (T & 31) & 1);
			case OP_BBSI: BRANCH(S >> d->t & 1);
			case OP_BEQ: BRANCH(S == T);
			case OP_BEQI: BRANCH(S == signedConstants[d->r]);
			case OP_BEQZ: BRANCH(!S);
			case OP_BGE: BRANCH(SIGNED(S) >= SIGNED(T));
			case OP_BGEI: BRANCH(SIGNED(S) >= SIGNED(signedConstants[d->r]));
			case OP_BGEU: BRANCH(S >= T);
			case OP_BGEUI: BRANCH(S >= unsignedConstants[d->r]);
			case OP_BGEZ: BRANCH(SIGNED(S) >= 0);
			case OP_BLT: BRANCH(SIGNED(S) < SIGNED(T));
			case OP_BLTI: BRANCH(SIGNED(S) < SIGNED(signedConstants[d->r]));
			case OP_BLTU: BRANCH(S < T);
			case OP_BLTUI: BRANCH(S < unsignedConstants[d->r]);
			case OP_BLTZ: BRANCH(SIGNED(S) < 0);
			case OP_BNALL: BRANCH(~S & T);
			case OP_BNE: BRANCH(S != T);
			case OP_BNEI: BRANCH(S != signedConstants[d->r]);
			case OP_BNEZ: BRANCH(S);
			case OP_BNONE: BRANCH(!(S & T));

			case OP_CALL0: cpu->a[0] = next; JUMP(d->immediate);
			case OP_CALLX0: address = S; cpu->a[0] = next; JUMP(address);
			case OP_J: JUMP(d->immediate);
			case OP_JX: JUMP(S);
			case OP_RET: JUMP(cpu->a[0]);

			case OP_L16SI: LOAD(S + d->immediate, 2, (value ^ 0x8000) - 0x8000);
			case OP_L16UI: LOAD(S + d->immediate, 2, value);
			case OP_L32I: LOAD(S + d->immediate, 4, value);
			case OP_L32R: LOAD(literalAddress(cpu, d), 4, value);
			case OP_L8UI: LOAD(S + d->immediate, 1, value);
			case OP_S16I: STORE(2);
			case OP_S32I: STORE(4);
			case OP_S8I: STORE(1);

			case OP_BREAK: case OP_BREAK_N:
				if (!exceptionDebugMasked(cpu)) { RAISE(CAUSE_BREAK); }
				break;
			case OP_RFDE: JUMP(cpu->depc);
			case OP_RFE: specialWrite(cpu, SPECIAL_PS, cpu->ps & ~(uint32_t)PS_EXCM); JUMP(cpu->epc[1]);
			case OP_RFI: specialWrite(cpu, SPECIAL_PS, cpu->eps[d->immediate]); JUMP(cpu->epc[d->immediate]);
			case OP_RSIL:
				value = cpu->ps;
				specialWrite(cpu, SPECIAL_PS, (value & ~(uint32_t)PS_INTLEVEL) | d->immediate);
				T = value;
				break;
			case OP_RSR: T = specialRead(cpu, d->immediate); break;
			case OP_SIMCALL:
				if (cpu->simcalls) {
					cpu->pc = next;
					return CPU_SIMCALL;
				}
				break;
			case OP_SYSCALL: RAISE(CAUSE_SYSCALL);
			case OP_WAITI:
				specialWrite(cpu, SPECIAL_PS, (cpu->ps & ~(uint32_t)PS_INTLEVEL) | d->immediate);
				cpu->waiting = true;
				break;
			case OP_WSR: specialWrite(cpu, d->immediate, T); break;
			case OP_XSR:
				value = specialRead(cpu, d->immediate);
				specialWrite(cpu, d->immediate, T);
				T = value;
				break;

			case OP_RER: T = 0; break;		/* external registers: there are none */
			case OP_WER: break;
			case OP_PDTLB: case OP_PITLB: T = attributeProbe(S); break;
			case OP_RDTLB0: case OP_RITLB0: T = attributeAddress(S); break;
			case OP_RDTLB1: T = attributeAddress(S) | cpu->dataAttribute[S >> 29]; break;
			case OP_RITLB1: T = attributeAddress(S) | cpu->fetchAttribute[S >> 29]; break;
			case OP_WDTLB: attributeSetData(cpu, S, T); break;
			case OP_WITLB: attributeSetFetch(cpu, S, T); break;
			default: RAISE(CAUSE_ILLEGAL_INSTRUCTION);
		}
		cpu->pc = next;
		continue;
	fault:
		if (!exception(cpu, (uint32_t)cause, address))
			return CPU_TRAP;
	}
}

CpuStop executePlain(Cpu* cpu)
{
	return execute(cpu, false);
}

CpuStop executeCounted(Cpu* cpu)
{
	return execute(cpu, true);
}
