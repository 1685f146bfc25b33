#ifndef MAIN_H
#define MAIN_H
#include "xsAll.h"

/* abort.c: what was thrown, for people: "TypeError: ...". Never throws. */
void describeException(txMachine* the, char* text, int size);

/* figures.c */
void figuresWrite(txMachine* the);			/* a FRAME_FIGURES: JSON, see devices/figures.ts */
void figuresMark(txMachine* the);			/* collects, keeps the present figures as idle, begins new peaks */
#endif
