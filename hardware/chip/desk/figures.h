/* What was measured, as JSON. */
#ifndef FIGURES_H
#define FIGURES_H
#include "../soc/chip.h"
void figuresWrite(Chip* chip);			/* a frame */
void figuresMark(Chip* chip);			/* measure anew from here */
void figuresEnd(Chip* chip);			/* the last frame: how it ended */
#endif
