#include "flash.h"
#include <string.h>

/* How much of a change is done before the power goes. */
static uint32_t shareOf(Flash* flash, uint32_t size, bool* cut)
{
	flash->changes++;
	*cut = (flash->changes == flash->cutAt);
	return *cut ? (uint32_t)((uint64_t)size * flash->cutShare / 256) : size;
}

bool flashErase(Flash* flash, uint32_t address)
{
	bool cut;
	uint32_t start = address & (flash->size - 1) & ~(uint32_t)(FLASH_SECTOR - 1);
	memset(flash->bytes + start, 0xff, shareOf(flash, FLASH_SECTOR, &cut));
	flash->wear[start / FLASH_SECTOR]++;
	flash->erases++;
	return !cut;
}

bool flashProgram(Flash* flash, uint32_t address, const uint8_t* from, uint32_t size)
{
	bool cut;
	uint32_t done = shareOf(flash, size, &cut);
	uint32_t page = address & (flash->size - 1) & ~(uint32_t)(FLASH_PAGE - 1);
	for (uint32_t i = 0; i < done; i++)
		flash->bytes[page + ((address + i) & (FLASH_PAGE - 1))] &= from[i];
	flash->writes++;
	return !cut;
}

void flashRead(const Flash* flash, uint32_t address, uint8_t* to, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		to[i] = flash->bytes[(address + i) & (flash->size - 1)];
}

uint32_t flashMostWorn(const Flash* flash)
{
	uint32_t most = 0;
	for (uint32_t i = 0; i < flash->size / FLASH_SECTOR; i++)
		if (flash->wear[i] > most)
			most = flash->wear[i];
	return most;
}
