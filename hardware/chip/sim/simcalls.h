/* What a program asks its host for by SIMCALL: number in a2, arguments in a3 to a5; answer in a2, errno in a3. As QEMU's. */
#ifndef SIMCALLS_H
#define SIMCALLS_H
#include "cpu.h"

/* Answer one. True: the program wants to end, with *status. */
bool simcall(Cpu* cpu, int* status);
#endif
