/* libgcc's sources ask for the core's configuration by this name; picolibc has it by another. */
#include <machine/core-isa.h>
#ifndef XSHAL_ABI
#define XTHAL_ABI_WINDOWED 0
#define XTHAL_ABI_CALL0 1
#define XSHAL_ABI XTHAL_ABI_CALL0
#endif
