/* The serial ports: a byte takes its ten bits' time, and 128 can wait. */
#include "devices.h"

enum {
	FIFO = 0x00, INT_RAW = 0x04, INT_STATUS = 0x08, INT_ENABLE = 0x0c, INT_CLEAR = 0x10, DIVISOR = 0x14, STATUS = 0x1c,
	CONF0 = 0x20, CONF1 = 0x24
};
enum { RX_FULL = 1 << 0, TX_EMPTY = 1 << 1, RX_TIMEOUT = 1 << 8 };
enum { TX_ROOM = 127, RX_ROOM = 128, BITS = 10, DEFAULT_DIVISOR = 694 /* 115,200 */ };

static const uint32_t base[2] = { 0x000, 0xf00 };

static uint32_t* at(Chip* chip, int port, uint32_t offset)
{
	return &chip->io[(base[port] + offset) / 4];
}

void uartReset(Chip* chip)
{
	for (int port = 0; port < 2; port++) {
		chip->uart[port] = (Uart){ 0 };
		for (uint32_t offset = 0; offset < 0x80; offset += 4)
			*at(chip, port, offset) = 0;
		*at(chip, port, DIVISOR) = DEFAULT_DIVISOR;
	}
}

static uint64_t byteTicks(Chip* chip, int port)
{
	uint32_t divisor = *at(chip, port, DIVISOR) & 0xfffff;
	return (uint64_t)BITS * (divisor ? divisor : DEFAULT_DIVISOR);
}

/* Bytes that have not left yet. */
static uint32_t waiting(Chip* chip, int port)
{
	uint64_t now = chipTicks(chip), sent = chip->uart[port].sentAt, each = byteTicks(chip, port);
	return (sent > now) ? (uint32_t)((sent - now + each - 1) / each) : 0;
}

static uint32_t raw(Chip* chip, int port)
{
	Uart* uart = &chip->uart[port];
	uint32_t emptyBelow = (*at(chip, port, CONF1) >> 8) & 0x7f;
	uint32_t result = uart->interruptRaw;
	if (waiting(chip, port) <= emptyBelow)
		result |= TX_EMPTY;
	return result;
}

/* Sending is not waited for by interrupt here: who asks for TX_EMPTY gets it at once, or at the next byte. */
static void raise(Chip* chip)
{
	bool any = false;
	for (int port = 0; port < 2; port++)
		any |= (raw(chip, port) & chip->uart[port].interruptEnable) != 0;
	cpuInterrupt(&chip->cpu, INT_UART, any);
}

void uartSend(Chip* chip, int port, uint8_t byte)
{
	Uart* uart = &chip->uart[port];
	uint64_t now = chipTicks(chip);
	if (waiting(chip, port) > TX_ROOM)
		return;					/* lost, as on the chip */
	uart->sentAt = (uart->sentAt > now ? uart->sentAt : now) + byteTicks(chip, port);
	if (chip->host.serial)
		chip->host.serial(chip->host.context, port, byte);
}

void uartReceive(Chip* chip, int port, uint8_t byte)
{
	Uart* uart = &chip->uart[port];
	if (uart->receivedCount < RX_ROOM)
		uart->received[uart->receivedCount++] = byte;
	uint32_t fullAt = *at(chip, port, CONF1) & 0x7f;
	if ((uint32_t)uart->receivedCount >= fullAt)
		uart->interruptRaw |= RX_FULL;
	uart->interruptRaw |= RX_TIMEOUT;
	raise(chip);
}

static uint32_t take(Uart* uart)
{
	if (!uart->receivedCount)
		return 0;
	uint8_t byte = uart->received[0];
	uart->receivedCount--;
	for (int i = 0; i < uart->receivedCount; i++)
		uart->received[i] = uart->received[i + 1];
	return byte;
}

uint64_t uartFullFor(Chip* chip, int port)
{
	uint32_t count = waiting(chip, port);
	return (count > TX_ROOM) ? (count - TX_ROOM) * byteTicks(chip, port) : 0;
}

uint32_t uartRead(Chip* chip, int port, uint32_t offset)
{
	Uart* uart = &chip->uart[port];
	switch (offset) {
		case FIFO: return take(uart);
		case INT_RAW: return raw(chip, port);
		case INT_STATUS: return raw(chip, port) & uart->interruptEnable;
		case INT_ENABLE: return uart->interruptEnable;
		case STATUS: return (uint32_t)uart->receivedCount | (waiting(chip, port) << 16);
		default: return *at(chip, port, offset);
	}
}

void uartWrite(Chip* chip, int port, uint32_t offset, uint32_t value)
{
	Uart* uart = &chip->uart[port];
	switch (offset) {
		case FIFO: uartSend(chip, port, (uint8_t)value); break;
		case INT_ENABLE: uart->interruptEnable = value; break;
		case INT_CLEAR: uart->interruptRaw &= ~value; break;
		default: *at(chip, port, offset) = value;
	}
	raise(chip);
}
