/* Ethernet frames between lwIP and the desk. A received frame stands in one of the radio's buffers, and a pbuf refers to it
   until lwIP lets it go: as NONOS does it. */
#include <string.h>
#include "../soc/answers.h"
#include "sdk.h"

enum { PBUF_RAW = 3, PBUF_REF = 2, OK = 0 };
#define ERROR_CONNECTION ((uint32_t)-1)

static uint16_t half(Chip* chip, uint32_t address)
{
	uint16_t value = 0;
	cpuRead(&chip->cpu, address, &value, sizeof(value));
	return value;
}

/* Whether frames go over that interface: the station's while it is associated, the point's while there is one. */
static bool isUp(Chip* chip, Interface interface)
{
	if (interface == INTERFACE_STATION)
		return radioIsOn(chip);
	uint32_t point = chip->radio ? chipRead(chip, sdkSymbol(chip, "g_ic") + G_IC_POINT) : 0;
	return point && chipRead(chip, point + IF_NETIF);
}

/* ieee80211_output_pbuf(netif, pbuf) */
static void output(Chip* chip)
{
	uint8_t frame[FRAME_BYTES];
	int length = 0;
	uint32_t state = chipRead(chip, answerArgument(chip, 0) + NETIF_STATE), pbuf = answerArgument(chip, 1);
	Interface interface = chipRead(chip, state + IF_MODE) ? INTERFACE_POINT : INTERFACE_STATION;
	if (!isUp(chip, interface)) {
		answerReturn(chip, ERROR_CONNECTION);
		return;
	}
	while (pbuf) {
		int size = half(chip, pbuf + PBUF_LENGTH);
		if (length + size > FRAME_BYTES || !cpuRead(&chip->cpu, chipRead(chip, pbuf + PBUF_PAYLOAD), frame + length, (uint32_t)size))
			break;
		length += size;
		if (half(chip, pbuf + PBUF_TOTAL) == size)
			break;
		pbuf = chipRead(chip, pbuf + PBUF_NEXT);
	}
	chip->measures.framesOut++;
	answerReturn(chip, OK);
	if (chip->host.frame)
		chip->host.frame(chip->host.context, interface, frame, length);
}

void radioReceive(Chip* chip, Interface interface, const uint8_t* frame, int length)
{
	Radio* radio = chip->radio;
	if (!isUp(chip, interface) || length > FRAME_BYTES || radio->frameCount == RADIO_QUEUE)
		return;
	RadioFrame* next = &radio->frames[(radio->frameFirst + radio->frameCount++) % RADIO_QUEUE];
	next->interface = interface;
	next->length = length;
	memcpy(next->bytes, frame, (size_t)length);
	chip->measures.framesIn++;
	sdkWake(chip);
}

/* lwIP is done with a received frame. */
static void recycle(Chip* chip)
{
	uint32_t index = (answerArgument(chip, 0) - RADIO_BASE) / RADIO_BUFFER_BYTES;
	if (index < RADIO_BUFFERS)
		chip->radio->buffersUsed[index] = false;
	answerReturn(chip, 0);
}

static void posted(Chip* chip, uint32_t failed, uint32_t index)
{
	chip->radio->busy = false;
	if (failed)
		chip->radio->buffersUsed[index] = false;
}

static void havePbuf(Chip* chip, uint32_t pbuf, uint32_t index)
{
	uint32_t buffer = RADIO_BASE + RADIO_BUFFER_BYTES * index;
	if (!pbuf) {
		chipNote(chip, "wifi", "no memory for a pbuf: a frame is lost");
		posted(chip, 1, index);
		return;
	}
	chipWrite(chip, pbuf + PBUF_PAYLOAD, buffer);
	chipWrite(chip, pbuf + PBUF_EB, buffer);
	uint32_t task = chip->radio->buffersFor[index] == INTERFACE_POINT ? TASK_POINT_INPUT : TASK_STATION_INPUT;
	GUEST_CALL(chip, sdkSymbol(chip, "ets_post"), posted, index, task, 0, pbuf);
}

bool framesTurn(Chip* chip)
{
	Radio* radio = chip->radio;
	uint32_t index = 0;
	if (!radio->frameCount)
		return false;
	while (index < RADIO_BUFFERS && radio->buffersUsed[index])
		index++;
	if (index == RADIO_BUFFERS)
		return false;			/* they wait, as in the air */
	RadioFrame* frame = &radio->frames[radio->frameFirst];
	radio->frameFirst = (radio->frameFirst + 1) % RADIO_QUEUE;
	radio->frameCount--;
	radio->buffersUsed[index] = true;
	radio->buffersFor[index] = frame->interface;
	memcpy(radio->buffers + RADIO_BUFFER_BYTES * index, frame->bytes, (size_t)frame->length);
	radio->busy = true;
	GUEST_CALL(chip, sdkSymbol(chip, "pbuf_alloc"), havePbuf, index, PBUF_RAW, (uint32_t)frame->length, PBUF_REF);
	return true;
}

void framesInit(Chip* chip)
{
	answerSymbol(chip, "ieee80211_output_pbuf", output);
	answerSymbol(chip, "system_pp_recycle_rx_pkt", recycle);
	answerSymbol(chip, "ppRecycleRxPkt", recycle);
}
