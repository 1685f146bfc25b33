#ifndef STARTUP_H
#define STARTUP_H
const char* startupStep(int index);		/* modules.c: the name of the index-th module setup/..., NULL after the last */
#endif
