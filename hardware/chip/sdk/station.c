/* The station: it looks for its access point, joins it, and loses it. What then happens in the firmware is its own code:
   NONOS's eagle_auth_done, which tells the application and starts DHCP. */
#include <string.h>
#include "../soc/answers.h"
#include "sdk.h"

enum { RETRY_MS = 2000, TICKS_PER_MS = 1000 * TICKS_PER_US };
enum { CHANNEL = 6, EVENT_BYTES = 44 };
static const uint8_t bssid[6] = { 0x02, 0x00, 0x5e, 0x00, 0x00, 0x01 };

static uint32_t station(Chip* chip)
{
	return chipRead(chip, sdkSymbol(chip, "g_ic") + G_IC_STATION);
}

static void writeByte(Chip* chip, uint32_t address, uint8_t byte)
{
	cpuWrite(&chip->cpu, address, &byte, 1);
}

static void setStatus(Chip* chip, uint8_t status)
{
	if (station(chip))
		writeByte(chip, station(chip) + IF_STATUS, status);
}

bool radioIsOn(const Chip* chip)
{
	return chip->radio && chip->radio->state == STATION_ON;
}

static void later(Chip* chip, uint32_t ms)
{
	chipSetAlarm(chip, ALARM_RADIO, chipTicks(chip) + (uint64_t)ms * TICKS_PER_MS);
}

/* struct station_config: 32 bytes of a name, 64 of a password, both ended by NUL if shorter. NONOS keeps it, too. */
static void setConfig(Chip* chip)
{
	Radio* radio = chip->radio;
	uint32_t config = answerArgument(chip, 0);
	memset(radio->ssid, 0, sizeof(radio->ssid));
	memset(radio->password, 0, sizeof(radio->password));
	chipReadText(chip, config, radio->ssid, sizeof(radio->ssid));
	chipReadText(chip, config + SSID_BYTES, radio->password, sizeof(radio->password));
	cpuPass(&chip->cpu);
}

static void connect(Chip* chip)
{
	Radio* radio = chip->radio;
	answerReturn(chip, 1);
	if (!station(chip) || radio->state == STATION_ON)
		return;
	chipNote(chip, "wifi", "connect to \"%s\"", radio->ssid);
	radio->wanted = true;
	radio->state = STATION_SEARCHING;
	setStatus(chip, STATUS_CONNECTING);
	later(chip, radio->point.stepMs);
}

static void leave(Chip* chip, int reason)
{
	chip->radio->toLeave = true;
	chip->radio->leaveReason = reason;
	sdkWake(chip);
}

static void disconnect(Chip* chip)
{
	Radio* radio = chip->radio;
	bool was = radio->wanted;
	answerReturn(chip, 1);
	radio->wanted = false;
	chipSetAlarm(chip, ALARM_RADIO, NEVER);
	setStatus(chip, STATUS_IDLE);
	if (was)
		leave(chip, REASON_LEFT);
}

static bool isRightPassword(const Radio* radio)
{
	return radio->point.anyPassword || !strcmp(radio->password, radio->point.password);
}

static bool isThere(const Radio* radio)
{
	return radio->point.present && (!radio->point.ssid[0] || !strcmp(radio->ssid, radio->point.ssid));
}

void stationAlarm(Chip* chip)
{
	Radio* radio = chip->radio;
	if (radio->scanning) {
		radio->scanning = false;
		radio->scanDone = true;
		sdkWake(chip);
	}
	if (!radio->wanted || radio->state == STATION_ON)
		return;
	radio->state = STATION_SEARCHING;
	if (!isThere(radio)) {
		chipNote(chip, "wifi", "there is no network \"%s\"", radio->ssid);
		setStatus(chip, STATUS_NO_AP);
		leave(chip, REASON_NOT_FOUND);
	}
	else if (radio->point.refuses || !isRightPassword(radio)) {
		chipNote(chip, "wifi", radio->point.refuses ? "the access point refuses" : "wrong password");
		setStatus(chip, radio->point.refuses ? STATUS_FAIL : STATUS_WRONG_PASSWORD);
		leave(chip, radio->point.refuses ? REASON_AUTH : REASON_HANDSHAKE);
	}
	else {
		radio->toJoin = true;
		sdkWake(chip);
	}
}

void radioLose(Chip* chip)
{
	Radio* radio = chip->radio;
	if (!radio)
		return;
	radio->point.present = false;
	radio->frameCount = 0;
	chipNote(chip, "wifi", "the access point is gone");
	if (radio->state == STATION_ON)
		leave(chip, REASON_NO_BEACON);
}

void radioReturn(Chip* chip)
{
	if (!chip->radio)
		return;
	chip->radio->point.present = true;
	chip->radio->point.refuses = false;
	chipNote(chip, "wifi", "the access point is back");
}

static void idle(Chip* chip, uint32_t result, uint32_t context)
{
	(void)result;
	(void)context;
	chip->radio->busy = false;
}

/* Joining: the node, as NONOS allocates one, then what else the radio takes, then the way on. */
static void join(Chip* chip, uint32_t memory, uint32_t context)
{
	Radio* radio = chip->radio;
	(void)context;
	radio->heap = memory;
	uint32_t node = radio->node;
	if (!node) {
		chipNote(chip, "wifi", "no memory for the radio");
		radio->busy = false;
		return;
	}
	cpuWrite(&chip->cpu, node, bssid, sizeof(bssid));
	chipWrite(chip, node + NODE_CHANNEL, node + NODE_BYTES);
	writeByte(chip, node + NODE_BYTES + CHANNEL_NUMBER, CHANNEL);
	chipWrite(chip, station(chip) + IF_NODE, node);
	cpuWrite(&chip->cpu, station(chip) + 72, bssid, sizeof(bssid));
	chipWrite(chip, station(chip) + IF_STATE, STATE_RUN);
	radio->state = STATION_ON;
	chipNote(chip, "wifi", "associated");
	GUEST_CALL(chip, sdkSymbol(chip, "eagle_auth_done"), idle, 0, 0);
}

static void haveNode(Chip* chip, uint32_t node, uint32_t context)
{
	(void)context;
	chip->radio->node = node;
	if (chip->radio->point.heap)
		GUEST_CALL(chip, sdkSymbol(chip, "pvPortMalloc"), join, 0, chip->radio->point.heap, 0, 0);
	else
		join(chip, 0, 0);
}

static void tell(Chip* chip, uint32_t event, uint32_t context)
{
	Radio* radio = chip->radio;
	(void)context;
	if (!event) {
		radio->busy = false;
		return;
	}
	/* Event_StaMode_Disconnected_t: name, its length, bssid, reason */
	chipWrite(chip, event, EVENT_DISCONNECTED);
	cpuWrite(&chip->cpu, event + 4, radio->ssid, SSID_BYTES);
	writeByte(chip, event + 4 + 32, (uint8_t)strlen(radio->ssid));
	cpuWrite(&chip->cpu, event + 4 + 33, bssid, sizeof(bssid));
	writeByte(chip, event + 4 + 39, (uint8_t)radio->leaveReason);
	GUEST_CALL(chip, sdkSymbol(chip, "ets_post"), idle, 0, TASK_EVENTS, 0, event);
}

static void makeEvent(Chip* chip, uint32_t result, uint32_t context)
{
	(void)result;
	(void)context;
	if (chipRead(chip, sdkSymbol(chip, "event_cb")))
		GUEST_CALL(chip, sdkSymbol(chip, "pvPortZalloc"), tell, 0, EVENT_BYTES, 0, 0);
	else
		chip->radio->busy = false;
}

enum { STEP_DOWN, STEP_RELEASE, STEP_STOP, STEP_CLEANUP, STEP_FREE_NODE, STEP_FREE_HEAP, STEP_END };

/* Leaving, as NONOS's cnx_sta_leave does it: lwIP's interface goes down, its address with it. */
static void step(Chip* chip, uint32_t result, uint32_t number)
{
	static const char* const names[] = { "netif_set_down", "dhcp_release", "dhcp_stop", "dhcp_cleanup" };
	Radio* radio = chip->radio;
	uint32_t netif = chipRead(chip, station(chip) + IF_NETIF);
	(void)result;
	switch (number) {
		case STEP_RELEASE: case STEP_STOP: case STEP_CLEANUP:
			if (!(chipReadByte(chip, netif + NETIF_FLAGS) & FLAG_DHCP) && number == STEP_RELEASE) {
				step(chip, 0, STEP_FREE_NODE);
				return;
			}
			/* fall through */
		case STEP_DOWN:
			GUEST_CALL(chip, sdkSymbol(chip, names[number]), step, number + 1, netif);
			return;
		case STEP_FREE_NODE:
			for (uint32_t at = NETIF_IP; at <= NETIF_GATEWAY; at += 4)
				chipWrite(chip, netif + at, 0);
			chipWrite(chip, station(chip) + IF_STATE, 0);
			chipWrite(chip, station(chip) + IF_NODE, 0);
			GUEST_CALL(chip, sdkSymbol(chip, "vPortFree"), step, number + 1, radio->node, 0, 0);
			radio->node = 0;
			return;
		case STEP_FREE_HEAP:
			if (radio->heap) {
				GUEST_CALL(chip, sdkSymbol(chip, "vPortFree"), step, number + 1, radio->heap, 0, 0);
				radio->heap = 0;
				return;
			}
			/* fall through */
		default:
			makeEvent(chip, 0, 0);
	}
}

bool stationTurn(Chip* chip)
{
	Radio* radio = chip->radio;
	if (radio->toLeave) {
		bool was = radio->state == STATION_ON;
		radio->toLeave = radio->toJoin = false;
		radio->busy = true;
		radio->state = STATION_OFF;
		if (was)
			chipNote(chip, "wifi", "disconnected");
		if (radio->wanted) {
			radio->state = STATION_SEARCHING;
			later(chip, RETRY_MS);
		}
		if (was && radio->wanted)
			setStatus(chip, STATUS_CONNECTING);
		if (was)
			step(chip, 0, STEP_DOWN);
		else
			makeEvent(chip, 0, 0);
		return radio->busy;
	}
	if (radio->toJoin) {
		radio->toJoin = false;
		radio->busy = true;
		GUEST_CALL(chip, sdkSymbol(chip, "pvPortZalloc"), haveNode, 0, NODE_BYTES + 16, 0, 0);
		return true;
	}
	return false;
}

static void rssi(Chip* chip)
{
	answerReturn(chip, radioIsOn(chip) ? (uint32_t)chip->radio->point.rssi : 31);
}

void stationInit(Chip* chip)
{
	answerSymbol(chip, "wifi_station_set_config_current", setConfig);
	answerSymbol(chip, "wifi_station_set_config", setConfig);
	answerSymbol(chip, "wifi_station_connect", connect);
	answerSymbol(chip, "wifi_station_disconnect", disconnect);
	answerSymbol(chip, "wifi_station_get_rssi", rssi);
}
