#include "xsmc.h"
#include "mc.xs.h"
#include "xsHost.h"
#include "user_interface.h"

/* The hardware's random number generator; the noise of the radio feeds it. */
#define RANDOM (*(volatile uint32_t*)0x3FF20E44)
/* Cycles from one reading to the next, so that the noise has time to change it. */
#define PAUSE 400

static uint32_t cycles(void)
{
	uint32_t count;

	__asm__ __volatile__("rsr %0, ccount" : "=a"(count));
	return count;
}

/* In case the radio is silent: nothing here is a secret, but no two handshakes of any two boards have the same. */
typedef struct {
	uint32_t chip, time, rtc, cycles;
	uint8_t address[8];
} Circumstances;

void xs_tls_entropy(xsMachine* the)
{
	int words = xsmcToInteger(xsArg(0)) / sizeof(uint32_t);
	Circumstances now = {0};
	uint32_t* out = xsmcSetArrayBuffer(xsResult, NULL, words * sizeof(uint32_t) + sizeof(now));
	uint32_t last = cycles();

	for (int i = 0; i < words; i++) {
		while (cycles() - last < PAUSE)
			;
		last = cycles();
		out[i] = RANDOM ^ last; /* interrupts and the flash's cache make the moment uncertain too */
	}
	now.chip = system_get_chip_id();
	now.time = system_get_time();
	now.rtc = system_get_rtc_time();
	wifi_get_macaddr(STATION_IF, now.address);
	now.cycles = cycles();
	c_memcpy(out + words, &now, sizeof(now));
}
