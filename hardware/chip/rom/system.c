/* Delays, the processor's clock, pins, serial ports, the reset's reason. */
#include "rom.h"
#include "../soc/devices.h"

enum { GPIO_SET = 0x60000304, GPIO_CLEAR = 0x60000308, GPIO_ENABLE = 0x60000310, GPIO_DISABLE = 0x60000314 };
enum { UART_DIVISOR = 0x14, UART_STRIDE = 0xf00 };

static void nothing(Chip* chip) { answerReturn(chip, 0); }

static void ets_delay_us(Chip* chip)
{
	uint32_t us = answerArgument(chip, 0);
	answerReturn(chip, us);
	chipSpend(chip, (uint64_t)us * TICKS_PER_US);
}

static void setFrequency(Chip* chip)
{
	chipWrite(chip, ROM_MHZ, answerArgument(chip, 0));
	answerReturn(chip, answerArgument(chip, 0));
}

static void frequency(Chip* chip) { answerReturn(chip, chipRead(chip, ROM_MHZ)); }

/* gpio_output_set(set, clear, enable, disable) */
static void gpio_output_set(Chip* chip)
{
	chipWrite(chip, GPIO_SET, answerArgument(chip, 0));
	chipWrite(chip, GPIO_CLEAR, answerArgument(chip, 1));
	chipWrite(chip, GPIO_ENABLE, answerArgument(chip, 2));
	chipWrite(chip, GPIO_DISABLE, answerArgument(chip, 3));
	answerReturn(chip, 0);
}

static void uart_div_modify(Chip* chip)
{
	chipWrite(chip, IO_BASE + UART_STRIDE * (answerArgument(chip, 0) & 1) + UART_DIVISOR, answerArgument(chip, 1));
	answerReturn(chip, 0);
}

static void rtc_get_reset_reason(Chip* chip) { answerReturn(chip, chip->resetReason); }
static void ets_get_ccount(Chip* chip) { answerReturn(chip, (uint32_t)chip->cpu.cycles + chip->cpu.ccountOffset); }

/* roundup2(value, to) */
static void roundup2(Chip* chip)
{
	uint32_t to = answerArgument(chip, 1);
	answerReturn(chip, (answerArgument(chip, 0) + to - 1) & ~(to - 1));
}

static void software_reset(Chip* chip)
{
	chipEnd(chip, END_RESTART, "the firmware resets the chip");
}

const RomFunction romSystem[] = {
	{ 0x40002ecc, "ets_delay_us", ets_delay_us }, { 0x40002f04, "ets_update_cpu_frequency", setFrequency },
	{ 0x40002f0c, "ets_get_cpu_frequency", frequency }, { 0x40004cd0, "gpio_output_set", gpio_output_set },
	{ 0x400039d8, "uart_div_modify", uart_div_modify }, { 0x40003a14, "Uart_Init", nothing },
	{ 0x4000383c, "uartAttach", nothing }, { 0x400038a4, "uart_buff_switch", nothing },
	{ 0x400025e0, "rtc_get_reset_reason", rtc_get_reset_reason }, { 0x4000dd38, "xthal_get_ccount", ets_get_ccount },
	{ 0x400031b4, "roundup2", roundup2 }, { 0x4000264c, "software_reset", software_reset },
	{ 0x400030f0, "ets_wdt_disable", nothing }, { 0x40002fa0, "ets_wdt_enable", nothing },
	{ 0x40002f34, "ets_wdt_get_mode", nothing }, { 0x40003170, "ets_wdt_init", nothing },
	{ 0x40003158, "ets_wdt_restore", nothing },
	{ 0, NULL, NULL }
};
