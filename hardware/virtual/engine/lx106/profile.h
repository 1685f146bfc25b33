#ifndef PROFILE_H
#define PROFILE_H
#ifdef mxProfileCalls
void profileStart(void);				/* counts from here */
void profileWrite(txMachine* the);		/* a FRAME_PROFILE a function: "instructions calls name" */
#else
#define profileStart()
#define profileWrite(the)
#endif
#endif
