/* Special registers: RSR, WSR and XSR. */
#ifndef SPECIAL_H
#define SPECIAL_H
#include "cpu.h"

enum { SPECIAL_READ = 1, SPECIAL_WRITE = 2, SPECIAL_PS = 230 };

/* Does the core have this register, for all of these accesses? Else the instruction is illegal. */
bool specialAllows(uint32_t number, uint32_t access);

uint32_t specialRead(Cpu* cpu, uint32_t number);
void specialWrite(Cpu* cpu, uint32_t number, uint32_t value);

/* CCOUNT, of this cycle. */
uint32_t specialCount(const Cpu* cpu);

/* Find out anew when CCOUNT reaches CCOMPARE. */
void specialCompare(Cpu* cpu);
#endif
