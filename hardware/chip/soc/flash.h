/* The flash chip beside the ESP8266: erased to ones by sectors, written to zeros, each with its time, and worn by it. */
#ifndef FLASH_H
#define FLASH_H
#include <stdbool.h>
#include <stdint.h>

enum { FLASH_SECTOR = 4096, FLASH_PAGE = 256 };

/* Winbond W25Q32JV, data sheet, AC characteristics: typical times. */
enum { FLASH_ERASE_US = 45000, FLASH_PROGRAM_US = 400 };

typedef struct {
	uint8_t* bytes;
	uint32_t size;				/* a power of 2, of 512 KB at least */
	uint32_t* wear;				/* erases, by sector; size / FLASH_SECTOR of them */
	uint64_t writes, erases;
	uint64_t changes;			/* writes and erases: what cutAt counts */
	uint64_t cutAt;				/* the power goes in the middle of that change; 0: never */
	uint32_t cutShare;			/* of that change so many of 256 are done */
} Flash;

/* Each false: the power has gone in the middle. */
bool flashErase(Flash* flash, uint32_t address);
/* Bits become 0 where they are so in from; within a page it begins anew, as the chip does. */
bool flashProgram(Flash* flash, uint32_t address, const uint8_t* from, uint32_t size);
void flashRead(const Flash* flash, uint32_t address, uint8_t* to, uint32_t size);
uint32_t flashMostWorn(const Flash* flash);		/* erases of the sector that has most */
#endif
