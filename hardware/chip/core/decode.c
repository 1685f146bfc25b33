/* Which instruction is it? Encodings by the tables of "Xtensa Instruction Set Architecture (ISA) Reference Manual", 7.3; of
   those, the lx106 has what its configuration names (core-isa.h): the core, density, 16- and 32-bit multiplication, NSA,
   exceptions, interrupts, debug, region protection, external registers. It has no windows, loops, MIN, MAX, SEXT, CLAMPS,
   MULUH, division, MAC16, booleans, S32C1I, L32AI and S32RI: these are illegal instructions, as all that is undefined. */
#include "decode.h"
#include "special.h"

static uint32_t signExtend(uint32_t value, unsigned bits)
{
	uint32_t sign = 1u << (bits - 1);
	return ((value & ((sign << 1) - 1)) ^ sign) - sign;
}

static void set(CpuDecoded* d, Operation operation, uint32_t immediate)
{
	d->operation = operation;
	d->immediate = immediate;
}

/* Set it if the condition holds: fields that must be zero are. */
static void setIf(CpuDecoded* d, bool condition, Operation operation, uint32_t immediate)
{
	if (condition)
		set(d, operation, immediate);
}

static void decodeReturns(CpuDecoded* d)		/* op0 = op1 = op2 = r = 0 */
{
	switch (d->t) {
		case 8: set(d, OP_RET, 0); break;
		case 10: set(d, OP_JX, 0); break;
		case 12: set(d, OP_CALLX0, 0); break;
	}
}

static void decodeSystem(CpuDecoded* d)			/* op0 = op1 = op2 = 0 */
{
	switch (d->r) {
		case 0: decodeReturns(d); break;
		case 2: setIf(d, !d->s && ((0xb10f >> d->t) & 1), OP_NOP, 0); break;	/* ISYNC to DSYNC, EXCW, MEMW, EXTW, NOP */
		case 3:
			setIf(d, !d->t && !d->s, OP_RFE, 0);
			setIf(d, !d->t && d->s == 2, OP_RFDE, 0);
			setIf(d, d->t == 1 && (d->s == 2 || d->s == 3), OP_RFI, d->s);
			break;
		case 4: set(d, OP_BREAK, 0); break;
		case 5:
			setIf(d, !d->t && !d->s, OP_SYSCALL, 0);
			setIf(d, !d->t && d->s == 1, OP_SIMCALL, 0);
			break;
		case 6: set(d, OP_RSIL, d->s); break;
		case 7: setIf(d, !d->t, OP_WAITI, d->s); break;
	}
}

static void decodeShiftAmounts(CpuDecoded* d)	/* op2 = 4 */
{
	switch (d->r) {
		case 0: setIf(d, !d->t, OP_SSR, 0); break;
		case 1: setIf(d, !d->t, OP_SSL, 0); break;
		case 2: setIf(d, !d->t, OP_SSA8L, 0); break;
		case 3: setIf(d, !d->t, OP_SSA8B, 0); break;
		case 4: setIf(d, d->t < 2, OP_SSAI, d->s | d->t << 4); break;
		case 6: set(d, OP_RER, 0); break;
		case 7: set(d, OP_WER, 0); break;
		case 14: set(d, OP_NSA, 0); break;
		case 15: set(d, OP_NSAU, 0); break;
	}
}

static void decodeRegionAttributes(CpuDecoded* d)	/* op2 = 5 */
{
	switch (d->r) {
		case 3: set(d, OP_RITLB0, 0); break;
		case 4: case 12: setIf(d, !d->t, OP_NOP, 0); break;	/* IITLB, IDTLB: nothing can be invalidated */
		case 5: set(d, OP_PITLB, 0); break;
		case 6: set(d, OP_WITLB, 0); break;
		case 7: set(d, OP_RITLB1, 0); break;
		case 11: set(d, OP_RDTLB0, 0); break;
		case 13: set(d, OP_PDTLB, 0); break;
		case 14: set(d, OP_WDTLB, 0); break;
		case 15: set(d, OP_RDTLB1, 0); break;
	}
}

static void decodeArithmetic(CpuDecoded* d, uint32_t op2)	/* op0 = op1 = 0 */
{
	static const uint8_t operations[16] = {
		OP_ILLEGAL, OP_AND, OP_OR, OP_XOR, OP_ILLEGAL, OP_ILLEGAL, OP_ILLEGAL, OP_ILLEGAL,
		OP_ADD, OP_ADDX2, OP_ADDX4, OP_ADDX8, OP_SUB, OP_SUBX2, OP_SUBX4, OP_SUBX8
	};
	set(d, operations[op2], 0);
	switch (op2) {
		case 0: decodeSystem(d); break;
		case 4: decodeShiftAmounts(d); break;
		case 5: decodeRegionAttributes(d); break;
		case 6:
			setIf(d, d->s == 0, OP_NEG, 0);
			setIf(d, d->s == 1, OP_ABS, 0);
			break;
	}
}

static void decodeShifts(CpuDecoded* d, uint32_t op2)		/* op1 = 1 */
{
	uint32_t number = d->r << 4 | d->s;
	switch (op2) {
		case 0: case 1: set(d, OP_SLLI, (32 - (d->t | op2 << 4)) & 31); break;	/* by 32: undefined; QEMU takes 0 */
		case 2: case 3: set(d, OP_SRAI, d->s | (op2 & 1) << 4); break;
		case 4: set(d, OP_SRLI, d->s); break;
		case 6: setIf(d, specialAllows(number, SPECIAL_READ | SPECIAL_WRITE), OP_XSR, number); break;
		case 8: set(d, OP_SRC, 0); break;
		case 9: setIf(d, !d->s, OP_SRL, 0); break;
		case 10: setIf(d, !d->t, OP_SLL, 0); break;
		case 11: setIf(d, !d->s, OP_SRA, 0); break;
		case 12: set(d, OP_MUL16U, 0); break;
		case 13: set(d, OP_MUL16S, 0); break;
	}
}

static void decodeMoves(CpuDecoded* d, uint32_t op2)		/* op1 = 3 */
{
	uint32_t number = d->r << 4 | d->s;
	switch (op2) {
		case 0: setIf(d, specialAllows(number, SPECIAL_READ), OP_RSR, number); break;
		case 1: setIf(d, specialAllows(number, SPECIAL_WRITE), OP_WSR, number); break;
		case 8: set(d, OP_MOVEQZ, 0); break;
		case 9: set(d, OP_MOVNEZ, 0); break;
		case 10: set(d, OP_MOVLTZ, 0); break;
		case 11: set(d, OP_MOVGEZ, 0); break;
	}
}

static void decodeRegisters(CpuDecoded* d, uint32_t word)	/* op0 = 0 */
{
	uint32_t op1 = word >> 16 & 15, op2 = word >> 20;
	switch (op1) {
		case 0: decodeArithmetic(d, op2); break;
		case 1: decodeShifts(d, op2); break;
		case 2: setIf(d, op2 == 8, OP_MULL, 0); break;
		case 3: decodeMoves(d, op2); break;
		case 4: case 5: set(d, OP_EXTUI, (d->s | (op1 & 1) << 4) | op2 << 8); break;	/* shift, width - 1 */
	}
}

static void decodeLoads(CpuDecoded* d, uint32_t word)		/* op0 = 2 */
{
	static const uint8_t operations[16] = {
		OP_L8UI, OP_L16UI, OP_L32I, OP_ILLEGAL, OP_S8I, OP_S16I, OP_S32I, OP_ILLEGAL,
		OP_ILLEGAL, OP_L16SI, OP_MOVI, OP_ILLEGAL, OP_ADDI, OP_ADDI, OP_ILLEGAL, OP_ILLEGAL
	};
	uint32_t byte = word >> 16;
	set(d, operations[d->r], 0);
	switch (d->r) {
		case 0: case 4: d->immediate = byte; break;
		case 1: case 5: case 9: d->immediate = byte * 2; break;
		case 2: case 6: d->immediate = byte * 4; break;
		case 10: d->immediate = signExtend(byte | d->s << 8, 12); break;
		case 12: d->immediate = signExtend(byte, 8); break;
		case 13: d->immediate = signExtend(byte, 8) << 8; break;	/* ADDMI */
	}
}

static void decodeJumps(CpuDecoded* d, uint32_t word)		/* op0 = 6 */
{
	static const uint8_t withZero[4] = { OP_BEQZ, OP_BNEZ, OP_BLTZ, OP_BGEZ };
	static const uint8_t withConstant[4] = { OP_BEQI, OP_BNEI, OP_BLTI, OP_BGEI };
	uint32_t m = d->t >> 2, from = d->pc + 4;
	switch (d->t & 3) {
		case 0: set(d, OP_J, from + signExtend(word >> 6, 18)); break;
		case 1: set(d, withZero[m], from + signExtend(word >> 12, 12)); break;
		case 2: set(d, withConstant[m], from + signExtend(word >> 16, 8)); break;
		case 3: setIf(d, m >= 2, m == 2 ? OP_BLTUI : OP_BGEUI, from + signExtend(word >> 16, 8)); break;
	}
}

static void decodeBranches(CpuDecoded* d, uint32_t word)	/* op0 = 7 */
{
	static const uint8_t operations[16] = {
		OP_BNONE, OP_BEQ, OP_BLT, OP_BLTU, OP_BALL, OP_BBC, OP_BBCI, OP_BBCI,
		OP_BANY, OP_BNE, OP_BGE, OP_BGEU, OP_BNALL, OP_BBS, OP_BBSI, OP_BBSI
	};
	set(d, operations[d->r], d->pc + 4 + signExtend(word >> 16, 8));
	if (d->operation == OP_BBCI || d->operation == OP_BBSI)
		d->t |= (d->r & 1) << 4;			/* the bit's number */
}

static void decodeNarrow(CpuDecoded* d)					/* op0 = 12 */
{
	uint32_t six = d->r | (d->t & 3) << 4, seven = d->r | (d->t & 7) << 4;
	if (!(d->t & 8)) {
		set(d, OP_MOVI, (seven < 96) ? seven : seven - 128);
		d->t = d->s;
	}
	else
		set(d, (d->t & 4) ? OP_BNEZ : OP_BEQZ, d->pc + 4 + six);
}

static void decodeNarrowMoves(CpuDecoded* d)				/* op0 = 13 */
{
	if (d->r == 0)
		set(d, OP_MOVE, 0);
	else if (d->r == 15) {
		setIf(d, d->t == 0 && !d->s, OP_RET, 0);
		setIf(d, d->t == 2, OP_BREAK_N, 0);
		setIf(d, d->t == 3 && !d->s, OP_NOP, 0);
	}
}

void decode(CpuDecoded* d, uint32_t pc, uint32_t word)
{
	d->pc = pc;
	d->next = pc + instructionLength(word);
	d->t = word >> 4 & 15;
	d->s = word >> 8 & 15;
	d->r = word >> 12 & 15;
	set(d, OP_ILLEGAL, 0);
	switch (word & 15) {
		case 0: decodeRegisters(d, word); break;
		case 1: set(d, OP_L32R, 0xfffc0000 | (word >> 8) << 2); break;
		case 2: decodeLoads(d, word); break;
		case 5: setIf(d, !(d->t & 3), OP_CALL0, (pc & ~3u) + 4 + (signExtend(word >> 6, 18) << 2)); break;
		case 6: decodeJumps(d, word); break;
		case 7: decodeBranches(d, word); break;
		case 8: set(d, OP_L32I, d->r * 4); break;
		case 9: set(d, OP_S32I, d->r * 4); break;
		case 10: set(d, OP_ADD, 0); break;
		case 11: set(d, OP_ADDI, d->t ? d->t : 0xffffffff); d->t = d->r; break;
		case 12: decodeNarrow(d); break;
		case 13: decodeNarrowMoves(d); break;
	}
}
