/* Checks of what QEMU's machine does not have: the chip's kinds of memory, stops, traps, interrupts from without, costs. */
#ifndef CHECKS_H
#define CHECKS_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cpu.h"

/* A machine with a piece of each kind of the chip's memory, of 64 KB. */
enum { FLASH = 0x40200000, IRAM = 0x40100000, DRAM = 0x3ffe8000, DEVICE = 0x60000000, PIECE = 0x10000 };
extern Cpu cpu;
extern uint8_t flash[PIECE], iram[PIECE], dram[PIECE];

/* Begin anew: all memory zero, pc at the first instruction of iram, PS 0, no exception goes to the firmware unseen. */
void begin(void);

/* Put instructions at an address; each is a word of 2 or 3 bytes. Returns where the next would be. */
uint32_t put(uint32_t address, const uint32_t* words, unsigned count);
#define PUT(address, ...) \
	put(address, (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* Run at most so many cycles more. */
CpuStop go(uint64_t cycles);

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
#define EQUAL(actual, expected) equal((actual), (expected), #actual, __FILE__, __LINE__)
void check(bool holds, const char* condition, const char* file, int line);
void equal(uint64_t actual, uint64_t expected, const char* what, const char* file, int line);

/* Encodings */
#define RRR(op2, op1, r, s, t) ((uint32_t)(op2) << 20 | (op1) << 16 | (r) << 12 | (s) << 8 | (t) << 4)
#define RRI8(r, s, t, immediate) ((uint32_t)((immediate) & 255) << 16 | (r) << 12 | (s) << 8 | (t) << 4 | 2)
#define L8UI(t, s, offset) RRI8(0, s, t, offset)
#define L16UI(t, s, offset) RRI8(1, s, t, (offset) / 2)
#define L32I(t, s, offset) RRI8(2, s, t, (offset) / 4)
#define S8I(t, s, offset) RRI8(4, s, t, offset)
#define S16I(t, s, offset) RRI8(5, s, t, (offset) / 2)
#define S32I(t, s, offset) RRI8(6, s, t, (offset) / 4)
#define ADDI(t, s, immediate) RRI8(12, s, t, immediate)
#define MOVI(t, immediate) (RRI8(10, (immediate) >> 8 & 15, t, immediate))
#define MULL(r, s, t) RRR(8, 2, r, s, t)
#define J(offset) (((uint32_t)(offset) & 0x3ffff) << 6 | 6)
#define BNEZ(s, offset) (((uint32_t)(offset) & 4095) << 12 | (s) << 8 | 0x56)
#define JX(s) RRR(0, 0, 0, s, 10)
#define RET RRR(0, 0, 0, 0, 8)
#define NOP RRR(0, 0, 2, 0, 15)
#define NOP_N 0xf03du
#define SYSCALL RRR(0, 0, 5, 0, 0)
#define BREAK RRR(0, 0, 4, 1, 2)
#define WAITI(level) RRR(0, 0, 7, level, 0)
#define RFE RRR(0, 0, 3, 0, 0)
#define WSR(t, number) RRR(1, 3, (number) >> 4, (number) & 15, t)
#define WDTLB(t, s) RRR(5, 0, 14, s, t)

/* In the files beside this. */
void checkTraps(void);
void checkStops(void);
void checkInterrupts(void);
void checkCosts(void);
void checkRegions(void);
#endif
