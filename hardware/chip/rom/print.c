/* Printing. The ROM prints through a function that the firmware installs; here what is printed goes to the first serial port
   at once, and the time that it takes there passes. */
#include <stdio.h>
#include <string.h>
#include "rom.h"
#include "../soc/devices.h"

enum { TEXT = 256 };

/* A va_list as compilers for this processor make it: where the rest of the arguments is, where the registers' are kept, and
   how far it has been read. */
typedef struct {
	uint32_t stack, registers, index;
} GuestList;

enum { REGISTER_BYTES = 24, STACK_START = 32 };

static uint32_t next(Chip* chip, GuestList* list, uint32_t size)
{
	uint32_t from = (size == 8) ? (list->index + 7) & ~7u : list->index;
	uint32_t to = from + size, base = list->registers;
	if (to > REGISTER_BYTES) {
		if (from <= REGISTER_BYTES)
			to = STACK_START + size;
		base = list->stack;
	}
	list->index = to;
	return chipRead(chip, base + to - size);
}

static void put(Chip* chip, uint8_t byte)
{
	if (byte == '\n')
		put(chip, '\r');
	chipSpend(chip, uartFullFor(chip, 0));
	uartSend(chip, 0, byte);
}

/* One conversion, "%-08x": the format from behind the %, which is read to its end. */
static uint32_t convert(Chip* chip, uint32_t format, GuestList* list)
{
	char how[16] = "%", text[TEXT] = "", string[200];
	size_t length = 1;
	uint8_t kind;
	for (;;) {
		kind = chipReadByte(chip, format++);
		if (kind == 'l')
			continue;
		if (!kind || !strchr("0123456789-+ #.", kind) || length >= sizeof(how) - 2)
			break;
		how[length++] = (char)kind;
	}
	how[length] = (char)kind;
	how[length + 1] = 0;
	switch (kind) {
		case 0: return format - 1;
		case '%': put(chip, '%'); return format;
		case 's':
			chipReadText(chip, next(chip, list, 4), string, sizeof(string));
			snprintf(text, sizeof(text), how, string);
			break;
		case 'c': case 'd': case 'i': snprintf(text, sizeof(text), how, (int)next(chip, list, 4)); break;
		case 'u': case 'x': case 'X': case 'o': snprintf(text, sizeof(text), how, next(chip, list, 4)); break;
		case 'p': snprintf(text, sizeof(text), "%08x", next(chip, list, 4)); break;
		default: next(chip, list, 4);
	}
	for (const char* at = text; *at; at++)
		put(chip, (uint8_t)*at);
	return format;
}

static void print(Chip* chip, uint32_t format, GuestList list)
{
	uint8_t byte;
	while ((byte = chipReadByte(chip, format++)))
		if (byte == '%')
			format = convert(chip, format, &list);
		else
			put(chip, byte);
	answerReturn(chip, 0);
}

/* ets_vprintf(putc, format, list): the list is three words. */
static void ets_vprintf(Chip* chip)
{
	GuestList list = { answerArgument(chip, 2), answerArgument(chip, 3), answerArgument(chip, 4) };
	print(chip, answerArgument(chip, 1), list);
}

/* ets_printf(format, ...): the registers' arguments are put where a list can read them. */
static void ets_printf(Chip* chip)
{
	uint32_t kept = chip->cpu.a[1] - 64;
	for (uint32_t i = 0; i < 6; i++)
		chipWrite(chip, kept + 4 * i, chip->cpu.a[2 + i]);
	print(chip, answerArgument(chip, 0), (GuestList){ chip->cpu.a[1] - STACK_START, kept, 4 });
}

static void ets_write_char(Chip* chip)
{
	put(chip, (uint8_t)answerArgument(chip, 0));
	answerReturn(chip, 0);
}

static void install(Chip* chip)
{
	chipWrite(chip, ROM_PUTC + 12, answerArgument(chip, 0));
	answerReturn(chip, 0);
}

static void install2(Chip* chip)
{
	chipWrite(chip, ROM_PUTC + 16, answerArgument(chip, 0));
	answerReturn(chip, 0);
}

const RomFunction romPrint[] = {
	{ 0x400024cc, "ets_printf", ets_printf }, { 0x40002544, "ets_uart_printf", ets_printf },
	{ 0x40001f00, "ets_vprintf", ets_vprintf }, { 0x40001da0, "ets_write_char", ets_write_char },
	{ 0x40002be8, "ets_putc", ets_write_char }, { 0x40003b30, "uart_tx_one_char", ets_write_char },
	{ 0x4000242c, "ets_install_putc1", install }, { 0x4000248c, "ets_install_putc2", install2 },
	{ 0, NULL, NULL }
};
