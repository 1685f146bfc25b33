/* ELF files of 32 bits, little-endian: programs for the machine. */
#ifndef ELF_H
#define ELF_H
#include "cpu.h"

/* Write a program's segments to where they belong (p_paddr). NULL, or what is wrong, in words. */
const char* elfLoad(Cpu* cpu, const char* path);
#endif
