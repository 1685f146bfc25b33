/* The table of modules: all of them are compiled and linked into the root before the app's machine exists, as the SDK's
   compiler and linker do on the desk, so that the app's heap pays for no parsing. */
#ifndef MODULES_H
#define MODULES_H
#include "xsAll.h"
#include "xsScript.h"

typedef struct Module Module;
struct Module {
	Module* next;
	char* name;
	txScript script;						/* linked: its ids are the root's */
	int preloaded;							/* else its code is run where it is */
	int hostCount;							/* the natives it names with @ "..." */
	txHostFunctionBuilder* hosts;
};
extern int modulesLoaded;					/* how often a module's body was handed to a machine */
extern unsigned modulesBytes;				/* byte code of modules that are not preloaded, flash on the device */

int modulesAdd(txMachine* root, const char* name, char* source, int preloaded);	/* compile.c; 0 after an error, which it reports */
Module* modulesFind(const char* name);
void modulesPut(Module* module);
void modulesPreload(txMachine* root, char* name);	/* runs it in the root; reports what it throws */
void modulesShare(txMachine* root);			/* preload.c: makes the root what flash is, for clones */
#endif
