/* The ESP8266's processor: an Xtensa lx106 (LX3.0.1, call0, exception architecture 2), one instruction after the other.
   It depends on nothing of the desk: no files, no allocation, no clock. What is around it (memory, devices, what answers
   in place of ROM functions) is handed to it as regions and as addresses to stop at.

   cpuRun executes until there is something for the owner to do, and says what:

	switch (cpuRun(cpu, until)) {
		case CPU_TIME: ...		cpu->cycles has reached until
		case CPU_WAIT: ...		WAITI: cpuSleep(cpu, cycles), or cpuInterrupt
		case CPU_STOP: ...		at cpu->pc, which cpuStopAt or isStop marked: answer, set a[2] and pc, or cpuPass
		case CPU_TRAP: ...		cpu->trap tells which exception is about to be taken: cpuDeliver, or end
		case CPU_SIMCALL: ...	only if cpu->simcalls; pc is past it
	}

   It may be called again from within such an answer, to call a function of the firmware's: keep a[] and pc meanwhile. */
#ifndef CPU_H
#define CPU_H
#include <stdbool.h>
#include <stdint.h>

typedef struct Cpu Cpu;
typedef struct CpuRegion CpuRegion;
typedef struct CpuCosts CpuCosts;

/* EXCCAUSE; those of the ISA's that this core can have. */
typedef enum {
	CAUSE_ILLEGAL_INSTRUCTION = 0,
	CAUSE_SYSCALL = 1,
	CAUSE_FETCH_ERROR = 2,			/* there is something, but nothing that can be executed */
	CAUSE_LOAD_STORE_ERROR = 3,		/* 8 or 16 bits where words only can be read or written; a write to what cannot be written */
	CAUSE_LEVEL1_INTERRUPT = 4,
	CAUSE_ALLOCA = 5,				/* MOVSP: windowed code only */
	CAUSE_DIVIDE_BY_ZERO = 6,
	CAUSE_PRIVILEGED = 8,
	CAUSE_UNALIGNED = 9,			/* load or store */
	CAUSE_FETCH_ADDRESS = 14,		/* nothing is there */
	CAUSE_LOAD_STORE_ADDRESS = 15,	/* nothing is there */
	CAUSE_FETCH_PROHIBITED = 20,	/* by the region's attribute (WITLB) */
	CAUSE_LOAD_PROHIBITED = 28,		/* by the region's attribute (WDTLB) */
	CAUSE_STORE_PROHIBITED = 29,
	CAUSE_BREAK = 31				/* none of EXCCAUSE's: BREAK, which goes to the debug vector */
} CpuCause;

/* What a region lets be done. */
enum {
	ALLOW_READ = 1,					/* words */
	ALLOW_READ_PARTS = 2,			/* 8 and 16 bits too */
	ALLOW_WRITE = 4,
	ALLOW_WRITE_PARTS = 8,
	ALLOW_EXECUTE = 16,
	ALLOW_DATA = ALLOW_READ | ALLOW_READ_PARTS | ALLOW_WRITE | ALLOW_WRITE_PARTS,
	REGION_CACHED = 32				/* goes through the flash cache; see CpuCosts */
};

/* A piece of the address space. Where memory is not NULL, that is what is there (little-endian), else read and write are
   asked. Its base must be a multiple of CPU_PAGE, and no two regions may be in one page. */
struct CpuRegion {
	const char* name;				/* for people: "flash" */
	uint32_t base, size;
	uint32_t allow;
	uint8_t* memory;
	void* context;
	/* size: 1, 2 or 4 bytes, aligned. The cause of an exception, or CPU_OK. cpu->cycles and cpu->pc are up to date; both
	   may call cpuInterrupt and cpuBreak. A region with memory that has write: it is called in place of a write to memory. */
	int (*read)(void* context, uint32_t address, unsigned size, uint32_t* value);
	int (*write)(void* context, uint32_t address, unsigned size, uint32_t value);
	uint32_t readWait, writeWait;	/* cycles more, when costs are counted */
	uint32_t direct;				/* the core's own: what of allow needs no look at anything else */
};

enum { CPU_OK = -1, CPU_PAGE = 32768, CPU_REGIONS = 32 };

typedef enum { CPU_TIME, CPU_WAIT, CPU_STOP, CPU_TRAP, CPU_SIMCALL, CPU_BREAK } CpuStop;

/* An exception that is about to be taken: nothing of it has happened yet, pc is the instruction's. */
typedef struct {
	uint32_t cause;					/* CpuCause */
	uint32_t pc;
	uint32_t address;				/* EXCVADDR; 0 if it does not apply */
	uint32_t instruction;			/* its 2 or 3 bytes; 0 if it could not be fetched */
	bool doubleException;			/* in an exception's handler (PS.EXCM): it goes to the double exception vector */
} CpuTrap;

/* A decoded instruction: see decode.h. */
typedef struct {
	uint32_t pc, next, immediate;
	uint8_t operation, r, s, t;
} CpuDecoded;

enum {
	CPU_DECODED = 1 << 16,			/* a power of 2: how many decoded instructions are kept */
	CACHE_LINE = 32, CACHE_WAYS = 4, CACHE_SETS = 256	/* the flash cache: 32 KB */
};

struct Cpu {
	/* the program's state; may be read and written between two cpuRun */
	uint32_t a[16];
	uint32_t pc;
	uint32_t sar, litbase, ps, vecbase;
	uint32_t epc[4], eps[4], excsave[4];	/* by level: 1 to 3; eps 2 and 3 */
	uint32_t depc, exccause, excvaddr;
	uint32_t interrupt, intenable;			/* interrupt: what is pending; write by cpuInterrupt */
	uint32_t ccompare, ccountOffset;		/* CCOUNT is cycles / ccountEvery + ccountOffset */
	uint32_t ibreakenable, ibreaka, dbreaka, dbreakc, debugcause, icount, icountlevel, ddr;
	uint8_t fetchAttribute[8], dataAttribute[8];	/* of 512 MB each, as WITLB and WDTLB set them; 2 after reset: all may */

	uint64_t cycles, instructions;			/* since cpuInit; cycles go on over cpuReset */
	bool waiting;							/* in WAITI */
	CpuTrap trap;

	/* the owner's; set after cpuInit and before the first cpuRun */
	uint32_t trapCauses;					/* a bit a CpuCause: stop with CPU_TRAP. Others go to the firmware at once. */
	bool trapDouble;						/* stop at double exceptions of any cause */
	bool simcalls;							/* stop at SIMCALL; else it does nothing */
	uint32_t ccountEvery;					/* cycles to one of CCOUNT: 1, but 25 in QEMU's machine */
	const CpuCosts* costs;					/* NULL: one cycle an instruction */
	void* context;							/* for isStop */
	bool (*isStop)(void* context, uint32_t pc);	/* NULL: no stops. Asked once, when pc is decoded: see cpuForget */

	/* the core's own */
	uint64_t deadline;						/* cycles from which on the loop looks what is due */
	uint64_t until;							/* of cpuRun */
	uint64_t compareAt;						/* cycles at which CCOUNT reaches CCOMPARE */
	uint32_t lines;							/* levels of external interrupts */
	bool passing, breaking;
	uint32_t passingAt;
	uint32_t codeLow, codeHigh;				/* decoded instructions that the program can overwrite lie between them */
	uint32_t fetchLine;						/* the line that was executed last */
	uint32_t late, lateBy;					/* the register whose value comes late (16: none), and by how many cycles */
	uint32_t cacheTags[CACHE_SETS][CACHE_WAYS];	/* the line's address + 1, the last used first */
	uint64_t cacheHits, cacheMisses;		/* may be read */
	uint32_t regionCount;
	CpuRegion regions[CPU_REGIONS];			/* 0 is nothing: pages without a region */
	uint8_t page[1u << 17];					/* index of a page's region */
	CpuDecoded passed;						/* in place of a stop */
	CpuDecoded decoded[CPU_DECODED];
};

/* Cycles beyond one an instruction. NULL in place of all: none. Sources: README. */
struct CpuCosts {
	uint32_t takenBranch;			/* conditional branch that is taken */
	uint32_t jump;					/* j, jx, call0, callx0, ret */
	uint32_t load;					/* for an instruction that uses what the one before it has loaded */
	uint32_t multiply;				/* the same, for a product: mull, mul16u, mul16s */
	uint32_t exception;				/* from an instruction, or an interrupt, to its vector */
	uint32_t cacheMiss;				/* a line of the flash cache, brought from flash */
};
extern const CpuCosts cpuCosts;		/* the model, at 80 MHz, flash at 40 MHz by two lines, as the SDK has it */
extern const CpuCosts cpuCosts160;	/* at 160 MHz: flash is as slow as before, so a miss takes twice the cycles */

/* Once, on memory of any content: no regions, one cycle an instruction, all zero. Then cpuReset. */
void cpuInit(Cpu* cpu);

/* As the reset line does. Memory, regions, cycles and the owner's settings stay. pc is CPU_RESET_PC, PS 0x1f. */
void cpuReset(Cpu* cpu);
enum { CPU_RESET_PC = 0x40000080, CPU_RESET_VECBASE = 0x40000000 };

/* Add a region (copied). False: no room; base or size is wrong (a multiple of 4, within 512 MB); its pages are taken; it has
   neither memory nor read and write. */
bool cpuMap(Cpu* cpu, const CpuRegion* region);

/* Take a region away that begins at base; false: there is none. */
bool cpuUnmap(Cpu* cpu, uint32_t base);

/* The region an address is in; NULL: none. Between two cpuRun its fields may be changed, but for base and size; after a
   change of allow, or of what a region with ALLOW_EXECUTE holds, call cpuForget. */
CpuRegion* cpuRegion(Cpu* cpu, uint32_t address);

/* Execute until cpu->cycles >= until, or there is something else to do: see above. An instruction is never cut. */
CpuStop cpuRun(Cpu* cpu, uint64_t until);

/* After CPU_STOP: the next cpuRun executes the instruction that is there. */
void cpuPass(Cpu* cpu);

/* After CPU_TRAP: take the exception, that is go to the firmware's handler. */
void cpuDeliver(Cpu* cpu);

/* From a region's read or write: make cpuRun return CPU_BREAK after this instruction. */
void cpuBreak(Cpu* cpu);

/* Set the level of an external interrupt: 0 to 5 are levels; 8 to 13 and 14 (NMI) are edges, pending until INTCLEAR,
   NMI until taken. */
void cpuInterrupt(Cpu* cpu, unsigned number, bool level);

/* True when an interrupt is pending that would be taken, or would end WAITI. */
bool cpuInterrupted(const Cpu* cpu);

/* While waiting: let at most so many cycles pass; fewer if CCOMPARE is reached. Returns how many. */
uint64_t cpuSleep(Cpu* cpu, uint64_t cycles);

/* What memory held at these addresses has been changed by others than the program, or the answer of isStop has: decode it
   anew, and drop it from the flash cache. */
void cpuForget(Cpu* cpu, uint32_t address, uint32_t size);

/* Read and write as the owner, past what is allowed and without a cost; devices are asked. False: nothing is there. Any
   alignment; across the end of a region: false. cpuWrite forgets what it overwrites. */
bool cpuRead(Cpu* cpu, uint32_t address, void* to, uint32_t size);
bool cpuWrite(Cpu* cpu, uint32_t address, const void* from, uint32_t size);

/* Raise an exception at pc from without, at an answer: as if the instruction there had. CPU_TRAP or delivered: trapCauses
   tells; true: delivered. */
bool cpuRaise(Cpu* cpu, CpuCause cause, uint32_t address);

/* For people: "load of 8 or 16 bits from where only words can be read", by cause; never NULL. */
const char* cpuCauseText(uint32_t cause);
#endif
