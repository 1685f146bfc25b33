/* What is answered at the interface of NONOS, the SDK that is linked into the firmware: all that would touch the radio.
   Its start, its tasks and timers, lwIP with DHCP and ARP, the soft watchdog: all of that is the firmware's own code. */
#ifndef SDK_H
#define SDK_H
#include "../soc/chip.h"

enum { RADIO_QUEUE = 64, FRAME_BYTES = 1600, RADIO_BUFFERS = 8, SSID_BYTES = 32, PASSWORD_BYTES = 64 };

/* The access point that is there, and what it does. */
typedef struct {
	char ssid[SSID_BYTES + 1];		/* empty: any */
	char password[PASSWORD_BYTES + 1];
	bool anyPassword;
	bool present;					/* else: no such network */
	bool refuses;					/* lets no one in */
	int rssi;						/* dBm */
	uint32_t stepMs;				/* how long associating takes */
	uint32_t heap;					/* what the radio takes of the firmware's heap while it is associated, in bytes */
} AccessPoint;

typedef enum { STATION_OFF, STATION_SEARCHING, STATION_ON } StationState;

/* Of the firmware's two interfaces: its station's, in the access point's network, and its own access point's. */
typedef enum { INTERFACE_STATION, INTERFACE_POINT } Interface;

typedef struct {
	Interface interface;
	int length;
	uint8_t bytes[FRAME_BYTES];
} RadioFrame;

typedef struct Radio {
	AccessPoint point;
	StationState state;
	char ssid[SSID_BYTES + 1], password[PASSWORD_BYTES + 1];	/* what the firmware wants */
	bool wanted;					/* it is to be connected, and tried again */
	uint32_t node;					/* the firmware's memory: what NONOS keeps of an access point */
	uint32_t heap;					/* and what stands for the radio's other needs */
	uint32_t timerFunction;			/* NONOS's timer in the radio: the soft watchdog's */
	bool timerDue;
	uint32_t bssList, scanCallback;
	bool scanning, scanDone;
	/* work for the next turn of the event loop */
	bool toJoin, toLeave;
	int leaveReason;
	RadioFrame frames[RADIO_QUEUE];	/* received */
	uint32_t frameFirst, frameCount;
	bool buffersUsed[RADIO_BUFFERS];
	Interface buffersFor[RADIO_BUFFERS];
	uint8_t buffers[32768];			/* seen by the firmware at RADIO_BASE */
	bool busy;						/* a call into the firmware is under way */
} Radio;

/* Received frames stand here, where the chip has nothing: on the chip they stand in memory that NONOS's static data has. */
#define RADIO_BASE 0x3FFE0000u
enum { RADIO_BUFFER_BYTES = 2048 };

/* Put the answers in place; after the image's symbols are known. */
void sdkInit(Chip* chip, Radio* radio);
void sdkReset(Chip* chip);
/* At the head of the event loop; true: something else is to be executed first. */
bool sdkTurn(Chip* chip);
void sdkAlarm(Chip* chip, int alarm);

/* radio.c: from outside */
void radioReceive(Chip* chip, Interface interface, const uint8_t* frame, int length);
void radioLose(Chip* chip);				/* the access point is gone */
void radioReturn(Chip* chip);			/* it is back */
bool radioIsOn(const Chip* chip);

/* the files' parts */
void startInit(Chip* chip);				/* start.c: NONOS's start, restart, sleep, watchdog */
void stationInit(Chip* chip);			/* station.c: joining and leaving an access point */
bool stationTurn(Chip* chip);
void stationAlarm(Chip* chip);
void framesInit(Chip* chip);			/* frames.c: what is sent and received */
bool framesTurn(Chip* chip);
void scanInit(Chip* chip);				/* scan.c */
bool scanTurn(Chip* chip);
void heapInit(Chip* chip);				/* heap.c: what is free of it, at the least */
uint32_t heapFree(Chip* chip);			/* and now; UINT32_MAX: not known */

/* An address of the firmware's by name; ends the life where it has none. */
uint32_t sdkSymbol(Chip* chip, const char* name);
/* Wake the processor, as the radio does. */
void sdkWake(Chip* chip);

/* Offsets in NONOS's structures, as of the SDK that Arduino's core 2.3.0 has (1.5.3), by what its code does with them. */
enum {
	G_IC_STATION = 16, G_IC_POINT = 20,				/* pointers to interfaces */
	IF_NETIF = 0, IF_STATE = 68, IF_NODE = 144, IF_MODE = 200, IF_STATUS = 208,
	NODE_FLAGS = 8, NODE_CHANNEL = 120, NODE_BYTES = 0x110, CHANNEL_NUMBER = 6,
	NETIF_IP = 4, NETIF_MASK = 8, NETIF_GATEWAY = 12, NETIF_STATE = 28, NETIF_FLAGS = 57,
	PBUF_NEXT = 0, PBUF_PAYLOAD = 4, PBUF_TOTAL = 8, PBUF_LENGTH = 10, PBUF_EB = 16
};
enum { FLAG_DHCP = 8, STATE_RUN = 5 };
enum { TASK_STATION_INPUT = 28, TASK_POINT_INPUT = 29, TASK_EVENTS = 21 };
/* wifi_station_get_connect_status */
enum { STATUS_IDLE = 0, STATUS_CONNECTING = 1, STATUS_WRONG_PASSWORD = 2, STATUS_NO_AP = 3, STATUS_FAIL = 4, STATUS_GOT_IP = 5 };
/* events and reasons, of user_interface.h */
enum { EVENT_CONNECTED = 0, EVENT_DISCONNECTED = 1 };
enum { REASON_LEFT = 8, REASON_HANDSHAKE = 15, REASON_NO_BEACON = 200, REASON_NOT_FOUND = 201, REASON_AUTH = 202 };
#endif
