/* The platform that XS is compiled for: what the engine asks of its surroundings is answered by this folder. */
#ifndef __BOARD_PLATFORM__
#define __BOARD_PLATFORM__
#include <ctype.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#undef mxLittleEndian
#define mxLittleEndian 1
#define C_PATH_MAX 256

/* As the SDK sets it for the ESP8266, on every target, so that the aligned one checks what runs on the chip. */
#define mxUnalignedAccess 0
#define mxMisalignedSettersCrash 1
#define c_read16 boardRead16
#define c_read32 boardRead32
static inline uint16_t boardRead16(const void* address) { uint16_t value; memcpy(&value, address, 2); return value; }
static inline uint32_t boardRead32(const void* address) { uint32_t value; memcpy(&value, address, 4); return value; }
#ifdef __xtensa__
#define mxIntegerDivideOverflowException 0
#include "lx106/rounding.h"
#endif

/* The board's clock is the desk's to keep: real time or, in tests, virtual time. See natives/time.c. */
#define c_timeval struct timeval
#define c_gettimeofday boardTimeOfDay
#define c_localtime boardLocalTime
#define c_mktime boardMakeTime
extern int boardTimeOfDay(struct timeval* value, void* zone);
extern struct tm* boardLocalTime(const time_t* seconds);
extern time_t boardMakeTime(struct tm* value);

#define mxUseDefaultBuildKeys 1
#define mxUseDefaultCStackLimit 0
#define mxUseDefaultDebug 1
#define mxUseDefaultFindModule 0
#define mxUseDefaultLoadModule 0
#define mxUseDefaultParseScript 1
#define mxUseDefaultSharedChunks 1
#define mxMachinePlatform \
	void* arena;				/* the block an app's machine lives in; NULL for the root: see memory.c */

typedef int txSocket;
#endif
