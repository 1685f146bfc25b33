/* The ESP8266 around its processor: memory, devices, what ends a life of the chip. It depends on nothing of the desk; what
   the desk does for it is a ChipHost. Time is counted in ticks of the peripherals' clock, 80 MHz, whatever the processor's. */
#ifndef CHIP_H
#define CHIP_H
#include <stddef.h>
#include "../core/cpu.h"
#include "flash.h"
#include "symbols.h"

typedef struct Chip Chip;

/* The memory map. */
enum { ROM_BASE = 0x40000000, ROM_BYTES = 0x10000 };
enum { IRAM_BASE = 0x40100000, IRAM_BYTES = 0x10000 };
enum { FLASH_BASE = 0x40200000, FLASH_WINDOW = 0x100000 };
#define DRAM_BASE 0x3FFE8000u
enum { DRAM_BYTES = 0x18000 };
#define DPORT_BASE 0x3FF00000u
enum { DPORT_BYTES = 0x28000 };
enum { IO_BASE = 0x60000000, IO_BYTES = 0x10000 };

/* The stack that the ROM starts firmware on: from the end of RAM down to what the ROM keeps there. */
enum { STACK_TOP = 0x40000000 };
#define STACK_LIMIT 0x3FFFEB30u
enum { STACK_PAINT = 0x5a5a5a5a };	/* what of it has not been used */

enum { TICKS_PER_US = 80 };
#define NEVER UINT64_MAX

/* Interrupts of the processor's. */
enum { INT_RADIO = 0, INT_SPI = 2, INT_GPIO = 4, INT_UART = 5, INT_COMPARE = 6, INT_WATCHDOG = 8, INT_FRC1 = 9, INT_FRC2 = 10 };

/* Why the chip was reset: what rtc_get_reset_reason says. */
typedef enum { RESET_POWER_ON = 1, RESET_PIN = 2, RESET_HARDWARE_WATCHDOG = 4 } ResetReason;

/* How a life of the chip ended. */
typedef enum {
	END_NONE,
	END_FAULT,				/* an exception of the processor's */
	END_STACK,				/* the stack pointer is where no stack is */
	END_SOFT_WATCHDOG, END_HARDWARE_WATCHDOG,
	END_HALT,				/* waits, and nothing can wake it */
	END_RESTART,			/* the firmware asked for it */
	END_RESET_PIN,			/* from outside */
	END_DEEP_SLEEP,
	END_POWER_CUT,			/* in the middle of a write to flash, as asked for */
	END_REFUSED				/* the image cannot be run */
} EndKind;

/* What can be due at a time. */
typedef enum { ALARM_FRC1, ALARM_FRC2, ALARM_WATCHDOG, ALARM_SOFT_WATCHDOG, ALARM_RADIO, ALARM_SLEEP, ALARM_COUNT } Alarm;

/* What the desk does for the chip. Each may be NULL. */
typedef struct {
	void* context;
	void (*serial)(void* context, int port, uint8_t byte);
	void (*pin)(void* context, int pin, int level);				/* an output's level has changed */
	void (*frame)(void* context, int interface, const uint8_t* bytes, int length);	/* Ethernet, from the radio: sdk.h */
	void (*note)(void* context, const char* who, const char* text);	/* for people: "wifi", "associated" */
	uint32_t (*random)(void* context);
} ChipHost;

/* What an address does that is not executed but answered: see answers.h. */
typedef void (*AnswerFunction)(Chip* chip);
typedef struct {
	uint32_t address;
	AnswerFunction function;
	const char* name;
	uint64_t count;
} Answer;

enum { ANSWERS = 1024 };		/* a power of 2, twice what is used */
enum { GUEST_CALLS = 16 };

typedef void (*GuestThen)(Chip* chip, uint32_t result, uint32_t context);

/* A call of a firmware function that is under way: what is put back when it returns. */
typedef struct {
	uint32_t a[16], pc, sar, ps;
	GuestThen then;
	uint32_t context;
} GuestCall;

typedef struct {
	uint32_t load, control;
	uint64_t since;				/* ticks at which the counter was at load */
	uint32_t alarm;				/* FRC2 */
} Timer;

typedef struct {
	uint32_t interruptRaw, interruptEnable;
	uint64_t sentAt;			/* ticks at which the last byte has left */
	uint8_t received[128];
	int receivedCount;
} Uart;

typedef struct {
	uint32_t out, enable, status;
	uint32_t external;			/* levels from outside, where nothing here drives */
	uint32_t shown;				/* levels the desk knows of */
	uint32_t pin[16];
} Gpio;

typedef struct {
	uint32_t control, stage0, stage1;
	uint64_t fedAt;
	bool barked;				/* the first stage is over */
	uint64_t softFedAt;
	bool softRuns;
	bool softStopped;			/* system_soft_wdt_stop */
} Watchdog;

/* What is measured. */
typedef struct {
	uint64_t idleTicks;
	uint64_t turnAt, idleAtTurn;	/* the last turn of the event loop, and what was idle until then */
	uint64_t longestTurn, longestTurnAt;	/* ticks */
	uint32_t longestTurnPc;
	uint64_t turns, interrupts, exceptions, watchdogBites;
	uint32_t leastHeap;				/* UINT32_MAX: not known */
	uint32_t lowestStack;			/* of the ROM's stack */
	uint64_t framesIn, framesOut;
} Measures;

struct Radio;

struct Chip {
	Cpu cpu;
	uint8_t rom[ROM_BYTES], iram[IRAM_BYTES], dram[DRAM_BYTES];
	uint32_t io[IO_BYTES / 4], dport[DPORT_BYTES / 4];
	Flash flash;
	Symbols symbols;
	const uint8_t* elf;			/* see image.h */
	size_t elfSize;
	bool bootsFromFlash;		/* the ELF gives names only: what is in flash is loaded */
	ChipHost host;
	bool romDump;				/* rom[] is a dump of the chip's, executed as it is */

	Timer frc1, frc2;
	Uart uart[2];
	Gpio gpio;
	Watchdog watchdog;
	uint32_t spiWords[16];		/* the flash controller's buffer */
	uint64_t flashBusyUntil;	/* ticks: it erases, or writes */
	uint32_t flashEnabled;		/* it may be written once: the bit of its status */
	uint32_t rtcMemory[192];
	ResetReason resetReason;
	uint16_t adc;				/* 0 to 1023 */
	uint8_t mac[6];
	uint32_t mhz;				/* of the processor: 80 or 160 */
	uint64_t ticksBase, cyclesBase;	/* where mhz began to hold */
	uint64_t alarms[ALARM_COUNT];	/* ticks */

	Answer answers[ANSWERS];
	GuestCall calls[GUEST_CALLS];
	int callCount;
	struct Radio* radio;		/* sdk/ */
	uint32_t heapPointer;		/* where the firmware keeps the address of its heap; 0: not known */
	uint32_t dynamicLow, dynamicHigh;	/* another stack, if the firmware has one: g_cont of Arduino's core */

	bool started;				/* the ROM has called the firmware */
	EndKind end;
	char endText[400];
	uint64_t sleepUs;			/* END_DEEP_SLEEP: for how long; 0: until reset */
	bool faultsGoOn;			/* exceptions and watchdogs are the firmware's matter, as on the chip */
	Measures measures;
};

/* Make a chip of zeroed memory; flash must be set before. */
void chipInit(Chip* chip);

/* Reset it: devices and processor; RAM stays as it is (power on: it is cleared). */
void chipReset(Chip* chip, ResetReason reason);

/* Run until ticks are reached, the chip waits for what is outside, or it has ended. */
typedef enum { CHIP_TIME, CHIP_IDLE, CHIP_ENDED } ChipState;
ChipState chipRun(Chip* chip, uint64_t until);

/* Idle: what is due next, in ticks. */
uint64_t chipNextAlarm(const Chip* chip);
/* Idle: let time pass, to an alarm at most. */
void chipSleepUntil(Chip* chip, uint64_t ticks);

uint64_t chipTicks(const Chip* chip);
void chipSpend(Chip* chip, uint64_t ticks);			/* time passes while nothing is executed: at an answer */
void chipSetAlarm(Chip* chip, Alarm alarm, uint64_t ticks);
void chipSetFrequency(Chip* chip, uint32_t mhz);
void chipEnd(Chip* chip, EndKind kind, const char* format, ...) __attribute__((format(printf, 3, 4)));
void chipNote(Chip* chip, const char* who, const char* format, ...) __attribute__((format(printf, 3, 4)));
/* Where the program is, for people: "fxRun+0x12, called by fxStart+0x4". */
void chipDescribe(Chip* chip, char* text, size_t size);

/* Words and bytes of the chip's memory; 0 where there is none. */
uint32_t chipRead(Chip* chip, uint32_t address);
void chipWrite(Chip* chip, uint32_t address, uint32_t value);
uint8_t chipReadByte(Chip* chip, uint32_t address);
/* A string, at most size - 1 bytes of it. */
void chipReadText(Chip* chip, uint32_t address, char* text, size_t size);
#endif
