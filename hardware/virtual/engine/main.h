#ifndef MAIN_H
#define MAIN_H
#include "xsAll.h"

/* abort.c: what was thrown, for people: "TypeError: ...". Never throws. */
void describeException(txMachine* the, char* text, int size);

/* figures.c */
void figuresWrite(txMachine* the);			/* a FRAME_FIGURES: JSON, see devices/figures.ts */
void figuresMark(txMachine* the);			/* collects, keeps the present figures as idle, begins new peaks and counts */
void figuresBeginWork(void);				/* instructions are counted from here */
void figuresEndWork(void);					/* to here */
extern int figuresCollectAlways;				/* before each allocation: peaks are then what is in use */
void figuresRestart(void);					/* from 0 again */
#endif
