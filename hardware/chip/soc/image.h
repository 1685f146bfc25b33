/* What is run: an ELF as the linker leaves it, or the flash as it would be written to the chip. */
#ifndef IMAGE_H
#define IMAGE_H
#include "chip.h"

/* Put an ELF's code into flash and take its symbols; the bytes must stay, for RAM is filled from them at each boot.
   Returns NULL, or what is wrong with it. */
const char* imageTakeELF(Chip* chip, const uint8_t* elf, size_t size);

/* Put a flash image of esptool's at the beginning of flash. */
const char* imageTakeFlash(Chip* chip, const uint8_t* bytes, size_t size);

/* What the ROM's loader does after a reset: fill RAM and IRAM. Returns the entry point, 0 and chipEnd where there is none. */
uint32_t imageBoot(Chip* chip);
#endif
