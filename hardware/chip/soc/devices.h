/* The chip's devices. Registers are named by their offset from IO_BASE. Each read gets the word's offset and gives its
   value; what no device has is plain memory (chip->io). */
#ifndef DEVICES_H
#define DEVICES_H
#include "chip.h"

/* timers.c: FRC1 (23 bits, down) and FRC2 (32 bits, up) */
void timersReset(Chip* chip);
uint32_t timersRead(Chip* chip, uint32_t offset);
void timersWrite(Chip* chip, uint32_t offset, uint32_t value);
void timersAlarm(Chip* chip, Alarm alarm);

/* gpio.c: GPIO0 to 15, and GPIO16, which is the RTC's */
void gpioReset(Chip* chip);
uint32_t gpioRead(Chip* chip, uint32_t offset);
void gpioWrite(Chip* chip, uint32_t offset, uint32_t value);
void gpioShow(Chip* chip);						/* tell the desk which outputs have changed */
void gpioSetInput(Chip* chip, int pin, int level);	/* from outside */

/* uart.c */
void uartReset(Chip* chip);
uint32_t uartRead(Chip* chip, int port, uint32_t offset);
void uartWrite(Chip* chip, int port, uint32_t offset, uint32_t value);
void uartSend(Chip* chip, int port, uint8_t byte);
uint64_t uartFullFor(Chip* chip, int port);		/* ticks until there is room for a byte more */
void uartReceive(Chip* chip, int port, uint8_t byte);	/* from outside */

/* rtc.c */
void rtcReset(Chip* chip, ResetReason reason);
uint32_t rtcRead(Chip* chip, uint32_t offset);
void rtcWrite(Chip* chip, uint32_t offset, uint32_t value);
enum { RTC_TICK = 500 };						/* ticks to one of the RTC's own, slow clock: 6.25 us */

/* watchdog.c */
void watchdogReset(Chip* chip);
uint32_t watchdogRead(Chip* chip, uint32_t offset);
void watchdogWrite(Chip* chip, uint32_t offset, uint32_t value);
void watchdogAlarm(Chip* chip);
void watchdogFeed(Chip* chip);

/* spi.c: the flash controller */
uint32_t spiRead(Chip* chip, uint32_t offset);
void spiWrite(Chip* chip, uint32_t offset, uint32_t value);
enum { FLASH_ID = 0x1640ef };					/* Winbond, 4 MB */

/* dport.c: clocks, the flash cache's switch, efuse, the microsecond counter, random numbers */
void dportReset(Chip* chip);
uint32_t dportRead(Chip* chip, uint32_t offset);
void dportWrite(Chip* chip, uint32_t offset, uint32_t value);
enum { EDGE_WATCHDOG = 1, EDGE_FRC1 = 2, EDGE_FRC2 = 4 };	/* which devices may raise an interrupt by an edge */
bool dportEdge(const Chip* chip, uint32_t edge);
void raiseEdge(Chip* chip, unsigned interrupt);	/* a pulse on an interrupt's line */
#endif
