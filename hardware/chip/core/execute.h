#ifndef EXECUTE_H
#define EXECUTE_H
#include "cpu.h"

/* Execute until there is something for the owner: one cycle an instruction, or with costs. */
CpuStop executePlain(Cpu* cpu);
CpuStop executeCounted(Cpu* cpu);
#endif
