/* What the SDK's modPreference.c for the ESP8266 takes from XS and the chip, for a desk: values are strings, flash is memory
   that loses its power. */
#ifndef FLASH_H
#define FLASH_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { const char* arguments[3]; } xsMachine;

enum { xsBooleanType, xsIntegerType, xsNumberType, xsStringType, xsReferenceType };
enum { xsID_push };

#define kFlashStart ((uintptr_t)&_MODPREF_start)
#define kFlashSectorSize 4096

#define c_strlen(s) strlen((const char*)(s))
#define c_strcmp(a, b) strcmp((const char*)(a), (const char*)(b))
#define c_strcpy(a, b) strcpy((char*)(a), (const char*)(b))
#define c_memcpy memcpy
#define c_memset memset
#define c_read16(p) ((p)[0] | ((p)[1] << 8))
#define c_read32(p) ((p)[0] | ((p)[1] << 8) | ((p)[2] << 16) | ((uint32_t)(p)[3] << 24))
#define modLog(text) ((void)0)

#define xsArg(index) (the->arguments[index])
#define xsmcToString(value) ((char*)(value))
#define xsmcTypeOf(value) xsStringType
#define xsmcToBoolean(value) 0
#define xsmcToInteger(value) 0
#define xsmcToNumber(value) 0
#define xsmcIsInstanceOf(value, prototype) 0
#define xsmcToArrayBuffer(value) NULL
#define xsmcGetArrayBufferLength(value) 0
#define xsUnknownError(text) do { result("error", text); return; } while (0)
#define xsmcVars(count) ((void)0)
#define xsResult resultValue
#define xsVar(index) variable
#define xsNewArray(length) NULL
#define xsString(text) ((const char*)(text))
#define xsCall1(array, name, value) result("key", value)
#define xsmcSetBoolean(to, value) result("value", "?")
#define xsmcSetInteger(to, value) result("value", "?")
#define xsmcSetString(to, text) result("value", (const char*)(text))
#define xsmcSetArrayBuffer(to, bytes, length) result("value", "?")

extern const char* resultValue;
extern const char* variable;
void result(const char* kind, const char* text);

uint8_t modSPIRead(uint32_t offset, uint32_t size, uint8_t* to);
uint8_t modSPIWrite(uint32_t offset, uint32_t size, const uint8_t* from);
uint8_t modSPIErase(uint32_t offset, uint32_t size);
#endif
