/* The system layer: all that the host asks of what it runs on. system_posix.c for the desk's processor, system_lx106.c for
   the chip's. */
#ifndef SYSTEM_H
#define SYSTEM_H

int systemRead(void* buffer, int size);				/* from the desk; blocks; how many bytes; 0 or less: the desk is gone */
void systemWrite(const void* data, int length);		/* to the desk, all of it */
void systemExit(int status) __attribute__((noreturn));
void systemStart(void);								/* once, before anything else */

/* Memory that stands for flash: zeroed, never given back. From systemSealFlash on, where the target can, a write to it is a
   fault, which ends the run with the reason and SYSTEM_FAULT. */
void* systemFlash(unsigned size);
void systemSealFlash(void);

char* systemStackLimit(void);						/* how far the native stack may grow down */

/* Instructions executed since start, where they can be counted: returns 0 where they cannot. Exact to 25. After
   systemAlign the next count begins in step, so that the same work gives the same count in every run. */
int systemInstructions(double* instructions);
unsigned systemAlign(void);

enum { SYSTEM_FAULT = 70, SYSTEM_DESK_GONE = 71 };	/* exit codes */
#endif
