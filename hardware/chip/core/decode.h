/* Instructions, decoded once and then kept: cpu->decoded, found by the lower bits of their address. */
#ifndef DECODE_H
#define DECODE_H
#include "cpu.h"

/* r, s and t are the instruction's fields; immediate is what the operation needs, ready to be used: an offset in bytes, a
   constant, a branch's target, a shift, a special register's number. Narrow instructions are those they stand for. */
typedef enum {
	OP_NONE,			/* not decoded yet */
	OP_STOP,			/* the owner answers in place of it */
	OP_ILLEGAL,
	OP_ABS, OP_ADD, OP_ADDI, OP_ADDX2, OP_ADDX4, OP_ADDX8, OP_AND, OP_EXTUI, OP_MOVE, OP_MOVEQZ, OP_MOVGEZ, OP_MOVI,
	OP_MOVLTZ, OP_MOVNEZ, OP_MUL16S, OP_MUL16U, OP_MULL, OP_NEG, OP_NOP, OP_NSA, OP_NSAU, OP_OR, OP_SLL, OP_SLLI, OP_SRA,
	OP_SRAI, OP_SRC, OP_SRL, OP_SRLI, OP_SSA8B, OP_SSA8L, OP_SSAI, OP_SSL, OP_SSR, OP_SUB, OP_SUBX2, OP_SUBX4, OP_SUBX8,
	OP_XOR,
	OP_BALL, OP_BANY, OP_BBC, OP_BBCI, OP_BBS, OP_BBSI, OP_BEQ, OP_BEQI, OP_BEQZ, OP_BGE, OP_BGEI, OP_BGEU, OP_BGEUI,
	OP_BGEZ, OP_BLT, OP_BLTI, OP_BLTU, OP_BLTUI, OP_BLTZ, OP_BNALL, OP_BNE, OP_BNEI, OP_BNEZ, OP_BNONE,
	OP_CALL0, OP_CALLX0, OP_J, OP_JX, OP_RET,
	OP_L16SI, OP_L16UI, OP_L32I, OP_L32R, OP_L8UI, OP_S16I, OP_S32I, OP_S8I,
	OP_BREAK, OP_BREAK_N, OP_RFDE, OP_RFE, OP_RFI, OP_RSIL, OP_RSR, OP_SIMCALL, OP_SYSCALL, OP_WAITI, OP_WSR, OP_XSR,
	OP_RER, OP_WER, OP_PDTLB, OP_PITLB, OP_RDTLB0, OP_RDTLB1, OP_RITLB0, OP_RITLB1, OP_WDTLB, OP_WITLB
} Operation;

/* Decode an instruction of 2 or 3 bytes (word: little-endian) that is at pc: never OP_NONE or OP_STOP. */
void decode(CpuDecoded* decoded, uint32_t pc, uint32_t word);

/* How many bytes an instruction has, by its first. */
static inline uint32_t instructionLength(uint32_t word)
{
	return (word & 8) ? 2 : 3;
}
#endif
