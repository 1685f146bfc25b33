/* The heap of Arduino's core: what it has free is looked at when it allocates. */
#include "../soc/answers.h"
#include "sdk.h"

void heapInit(Chip* chip)
{
	(void)chip;
}
