/* The region protection option: what may be done in each eighth of the address space, 512 MB; "Xtensa ISA Reference
   Manual", 4.6.3. Addresses are not translated. */
#ifndef ATTRIBUTES_H
#define ATTRIBUTES_H
#include "cpu.h"

/* Does an attribute let this be done? access: ALLOW_READ, ALLOW_WRITE or ALLOW_EXECUTE. */
bool attributeAllows(uint8_t attribute, uint32_t access);

void attributeSetData(Cpu* cpu, uint32_t address, uint32_t value);		/* WDTLB */
void attributeSetFetch(Cpu* cpu, uint32_t address, uint32_t value);		/* WITLB */

/* Where the part of the address space begins that an address is in. */
static inline uint32_t attributeAddress(uint32_t address)
{
	return address & 0xe0000000;
}

/* PITLB, PDTLB: there is an entry for every address. */
static inline uint32_t attributeProbe(uint32_t address)
{
	return attributeAddress(address) | 1;
}
#endif
