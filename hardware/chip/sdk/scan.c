/* A scan finds the one access point, if it is there. */
#include <string.h>
#include "../soc/answers.h"
#include "sdk.h"

/* struct bss_info of user_interface.h */
enum { NEXT = 0, BSSID = 4, SSID = 10, SSID_LENGTH = 42, CHANNEL = 43, RSSI = 44, AUTH = 48, HIDDEN = 52, BYTES = 64 };
enum { AUTH_OPEN = 0, AUTH_WPA2 = 3, SCAN_MS = 1500 };
/* Where the list stands: behind the radio's buffers. */
#define LIST (RADIO_BASE + RADIO_BUFFERS * RADIO_BUFFER_BYTES)

static void scan(Chip* chip)
{
	Radio* radio = chip->radio;
	if (radio->scanning) {
		answerReturn(chip, 0);
		return;
	}
	radio->scanCallback = answerArgument(chip, 1);
	radio->scanning = true;
	chipSetAlarm(chip, ALARM_RADIO, chipTicks(chip) + (uint64_t)SCAN_MS * 1000 * TICKS_PER_US);
	answerReturn(chip, 1);
}

static void done(Chip* chip, uint32_t result, uint32_t context)
{
	(void)result;
	(void)context;
	chip->radio->busy = false;
}

bool scanTurn(Chip* chip)
{
	Radio* radio = chip->radio;
	if (!radio->scanDone)
		return false;
	radio->scanDone = false;
	uint8_t bss[BYTES] = { 0 };
	const uint8_t bssid[6] = { 0x02, 0x00, 0x5e, 0x00, 0x00, 0x01 };
	const char* name = radio->point.ssid[0] ? radio->point.ssid : "desk";
	memcpy(bss + BSSID, bssid, sizeof(bssid));
	memcpy(bss + SSID, name, strlen(name));
	bss[SSID_LENGTH] = (uint8_t)strlen(name);
	bss[CHANNEL] = 6;
	bss[RSSI] = (uint8_t)radio->point.rssi;
	bss[AUTH] = radio->point.password[0] ? AUTH_WPA2 : AUTH_OPEN;
	cpuWrite(&chip->cpu, LIST, bss, sizeof(bss));
	radio->busy = true;
	GUEST_CALL(chip, radio->scanCallback, done, 0, radio->point.present ? LIST : 0, 0);
	return true;
}

void scanInit(Chip* chip)
{
	answerSymbol(chip, "wifi_station_scan", scan);
}
