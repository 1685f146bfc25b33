/* The engine's table of optional parts. The SDK's linker, when it strips (its base manifest's default), leaves out the
   length and name of functions: neither the root nor the app's machine spends slots on them. */
#include "xsAll.h"
#ifndef mxProfileCalls
#define fxNewFunctionLength C_NULL
#define fxNewFunctionName C_NULL
#endif
#include "xsDefaults.c"
