/* The address space: memory, and the registers of the devices. */
#ifndef MEMORY_H
#define MEMORY_H
#include "chip.h"
void memoryInit(Chip* chip);
#endif
