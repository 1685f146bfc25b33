#include <string.h>
#include "rom.h"
#include "../soc/image.h"

extern const RomFunction romDumpTasks[];

enum { RESET_VECTOR = 0x40000080, ROM_MAIN = 0x40000fec };
/* As main of the ROM has it when it calls the firmware. */
enum { FIRMWARE_STACK = 0x3fffffc0, PS_USER = 0x20 };
enum { NO_ACCESS = 15 };

void romFault(Chip* chip)
{
	Cpu* cpu = &chip->cpu;
	if (chip->faultsGoOn)
		return;
	char where[200];
	chipDescribe(chip, where, sizeof(where));
	chip->measures.exceptions++;
	chipEnd(chip, END_FAULT, "exception %u: %s at 0x%08x, in %s", cpu->trap.cause, cpuCauseText(cpu->trap.cause),
		cpu->trap.address, where);
}

static void answerTable(Chip* chip, const RomFunction* table)
{
	for (; table->name; table++)
		answerAt(chip, table->address, table->name, table->function);
}

static void start(Chip* chip);

void romInit(Chip* chip)
{
	if (chip->romDump) {
		answerTable(chip, romDumpTasks);
		answerAt(chip, ROM_MAIN, "main", start);
		return;
	}
	const RomFunction* tables[] = { romMemory, romIntegers, romFloats, romTasks, romInterrupts, romPrint, romFlash, romSystem };
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		answerTable(chip, tables[i]);
	answerAt(chip, RESET_VECTOR, "reset", start);
	/* the one instruction of the ROM's that is executed: WAITI 0 */
	static const uint8_t wait[3] = { 0x00, 0x70, 0x00 };
	memcpy(chip->rom + (LOOP_WAIT - ROM_BASE), wait, sizeof(wait));
}

/* What the ROM's own start leaves in RAM. */
static void fillRAM(Chip* chip)
{
	static const uint32_t flashChip[] = { 0x1640ef, 0, 0x10000, FLASH_SECTOR, FLASH_PAGE, 0xffff };
	memset(chip->dram + (ROM_EXCEPTIONS - DRAM_BASE), 0, STACK_LIMIT - ROM_EXCEPTIONS);
	romSetExceptionTable(chip);
	for (uint32_t i = 0; i < sizeof(flashChip) / 4; i++)
		chipWrite(chip, ROM_FLASH_CHIP + 4 + 4 * i, flashChip[i]);
	chipWrite(chip, ROM_FLASH_CHIP, ROM_FLASH_CHIP + 4);
	chipWrite(chip, ROM_MHZ, 80);
}

static void startFirmware(Chip* chip, uint32_t result, uint32_t context);

/* What main of the ROM does of its own before it loads firmware, as far as firmware sees it: printing by the serial port. */
static void prepare(Chip* chip, uint32_t result, uint32_t number)
{
	static const uint32_t functions[] = { 0x4000383c /* uartAttach */, 0x40003a14 /* Uart_Init */, 0x40002438 /* ets_install_uart_printf */ };
	if (number < sizeof(functions) / sizeof(*functions))
		GUEST_CALL(chip, functions[number], prepare, number + 1, number == 2);
	else
		startFirmware(chip, result, 0);
}

static void start(Chip* chip)
{
	if (chip->romDump)
		prepare(chip, 0, 0);
	else
		startFirmware(chip, 0, 0);
}

static void startFirmware(Chip* chip, uint32_t result, uint32_t context)
{
	(void)result;
	(void)context;
	Cpu* cpu = &chip->cpu;
	if (!chip->romDump)
		fillRAM(chip);
	cpu->fetchAttribute[0] = cpu->dataAttribute[0] = NO_ACCESS;	/* null pointers trap: the ROM sets it so */
	chipWrite(chip, chipRead(chip, ROM_FLASH_CHIP) + 4, chip->flash.size);
	for (uint32_t at = STACK_LIMIT; at < FIRMWARE_STACK; at += 4)
		chipWrite(chip, at, STACK_PAINT);
	cpu->ps = PS_USER;
	cpu->a[1] = FIRMWARE_STACK;
	cpu->a[0] = RESET_VECTOR;
	cpu->pc = imageBoot(chip);
	chip->started = true;
}
