/* The names in an ELF: by address for people, by name for those who answer in a function's place. */
#ifndef SYMBOLS_H
#define SYMBOLS_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
	uint32_t address, size;
	const char* name;			/* in the ELF, which must stay */
} Symbol;

typedef struct {
	Symbol* list;				/* by address; the owner's to free */
	int count;
} Symbols;

/* Read them from an ELF of 32 bits in memory. 0: there are none, or no memory for them. */
int symbolsRead(Symbols* symbols, const uint8_t* elf, size_t size);
void symbolsFree(Symbols* symbols);

/* 0 where there is no such name. */
uint32_t symbolAddress(const Symbols* symbols, const char* name);
uint32_t symbolSize(const Symbols* symbols, const char* name);

/* "name+0x12", or the address in hexadecimal. */
void symbolText(const Symbols* symbols, uint32_t address, char* text, size_t size);
#endif
