/* What natives and the rest of the host know of each other. Machines are void* here, for xs.h and xsAll.h name them
   differently. */
#ifndef NATIVES_H
#define NATIVES_H

extern int nativesReady;					/* 0 while preloading: no device may be used then */
extern int nativesSegmentSize;				/* TCP's MSS; send buffer and window follow from it, as in lwIP */

void* nativesFind(const char* name);		/* what @ "name" in a module means; NULL if nothing */
void nativesRoot(void* machine);			/* in the root, first: names that natives use, and trace */
void nativesBase64(void* machine);			/* in the root: Uint8Array.prototype.toBase64 */
void resourceFileAdd(const char* name, const char* bytes, const char* end);	/* a file for Resource */
void nativesRunMain(void* machine, char* name);	/* modules setup/..., then main, as the device starts */
#endif
