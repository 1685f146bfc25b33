/* pins/digital and pins/digital/monitor: the SDK's digital.c and modMonitor.c. The desk holds the pins' levels. */
#include "board.h"
#include "messages.h"

enum { PINS = 17, MONITORED_PINS = 16, INPUT = 0, OUTPUT = 8, OPEN_DRAIN = 9 };

/* ----- digital: kept in a chunk, as on the device ----- */

typedef struct { uint8_t pin; } Digital;

static void setMode(xsMachine* the, int pin, int mode, char* problem)
{
	if ((pin < 0) || (pin >= PINS) || ((mode > 3) && (mode != OUTPUT) && (mode != OPEN_DRAIN)))
		xsUnknownError(problem);
	deviceCommand(NULL, 0, "pins.mode 0 %d %d", pin, mode);
}

static int readPin(int pin)
{
	Frame answer;
	int level;
	deviceAsk(&answer, NULL, 0, "pins.read 0 %d", pin);
	level = atoi(answer.body);
	free(answer.body);
	return level;
}

static void writePin(int pin, int value)
{
	deviceCommand(NULL, 0, "pins.write 0 %d %d", pin, value ? 1 : 0);
}

static int getNumber(xsMachine* the, xsIdentifier id, char* problem)
{
	xsSlot slot;
	if (!xsmcHas(xsArg(0), id))
		xsUnknownError(problem);
	xsmcGet(slot, xsArg(0), id);
	return xsmcToInteger(slot);
}

void xs_digital_destructor(void* it)
{
}

void xs_digital(xsMachine* the)
{
	Digital digital;
	int argc = xsmcArgc, pin, mode;
	requireBoard(the);
	if (argc == 1) {
		pin = getNumber(the, ID(pin), "pin missing");
		mode = getNumber(the, ID(mode), "mode missing");
	}
	else {						/* (pin, mode) or (port, pin, mode) */
		pin = xsmcToInteger(xsArg(argc - 2));
		mode = xsmcToInteger(xsArg(argc - 1));
	}
	setMode(the, pin, mode, "can't init pin");
	digital.pin = pin;
	xsmcSetHostChunk(xsThis, &digital, sizeof(digital));
}

void xs_digital_close(xsMachine* the)
{
	xsmcGetHostChunk(xsThis);
	xsmcSetHostData(xsThis, NULL);
}

static int pinOfThis(xsMachine* the)
{
	return ((Digital*)xsmcGetHostChunk(xsThis))->pin;
}

void xs_digital_mode(xsMachine* the) { setMode(the, pinOfThis(the), xsmcToInteger(xsArg(0)), "unsupported mode"); }
void xs_digital_read(xsMachine* the) { xsmcSetInteger(xsResult, readPin(pinOfThis(the))); }
void xs_digital_write(xsMachine* the) { writePin(pinOfThis(the), xsmcToInteger(xsArg(0))); }

void xs_digital_static_read(xsMachine* the)
{
	int pin = xsmcToInteger(xsArg(0));
	requireBoard(the);
	setMode(the, pin, INPUT, "can't init pin");
	xsmcSetInteger(xsResult, readPin(pin));
}

void xs_digital_static_write(xsMachine* the)
{
	int pin = xsmcToInteger(xsArg(0)), value = xsmcToInteger(xsArg(1));
	requireBoard(the);
	setMode(the, pin, OUTPUT, "can't init pin");
	writePin(pin, value);
}

/* ----- monitor: edges of a pin, as interrupts count them ----- */

enum { RISING = 1, FALLING = 2 };

typedef struct {
	Resource resource;
	xsSlot self;
	int pin, edge, rises, falls;
	uint8_t triggered, closed;
} Monitor;

void xs_digital_monitor_destructor(void* it)
{
	Monitor* monitor = it;
	if (!monitor)
		return;
	resourceClose(&monitor->resource);
	deviceCommand(NULL, 0, "pins.unwatch %d", monitor->resource.number);
	monitor->closed = 1;
	if (!monitor->triggered)
		free(monitor);
}

static void deliver(void* machine, void* refcon)
{
	Monitor* monitor = refcon;
	monitor->triggered = 0;
	if (monitor->closed) {
		free(monitor);
		return;
	}
	xsBeginHost((xsMachine*)machine);
		xsCall0(monitor->self, ID(onChanged));
	xsEndHost((xsMachine*)machine);
}

/* 'e': the level after the edge */
static void onEvent(xsMachine* the, Resource* resource, const Event* event)
{
	Monitor* monitor = (Monitor*)resource;
	int edge = atoi(event->words) ? RISING : FALLING;
	if (!(monitor->edge & edge))
		return;
	*((edge == RISING) ? &monitor->rises : &monitor->falls) += 1;
	if (!monitor->triggered) {
		monitor->triggered = 1;
		messagesPost(deliver, monitor);
	}
}

void xs_digital_monitor(xsMachine* the)
{
	Monitor* monitor;
	int pin, edge, mode = INPUT;
	requireBoard(the);
	pin = getNumber(the, ID(pin), "pin missing");
	edge = getNumber(the, ID(edge), "edge missing");
	if ((pin < 0) || (pin >= MONITORED_PINS))
		xsUnknownError("invalid pin");
	if ((edge < RISING) || (edge > (RISING | FALLING)))
		xsUnknownError("invalid edge");
	if (xsmcHas(xsArg(0), ID(mode)))
		mode = getNumber(the, ID(mode), "") & 0x3F;		/* without its flags to wake up */
	setMode(the, pin, mode, "can't init pin");
	monitor = calloc(1, sizeof(Monitor));
	monitor->pin = pin;
	monitor->edge = edge;
	monitor->self = xsThis;
	xsRemember(monitor->self);
	xsmcSetHostData(xsThis, monitor);
	resourceOpen(&monitor->resource, onEvent);
	deviceCommand(NULL, 0, "pins.watch %d %d", monitor->resource.number, pin);
}

static Monitor* getMonitor(xsMachine* the)
{
	Monitor* monitor = xsmcGetHostData(xsThis);
	if (!monitor || !resourceIsOpen(monitor, onEvent))
		xsUnknownError("closed");
	return monitor;
}

void xs_digital_monitor_close(xsMachine* the)
{
	Monitor* monitor = getMonitor(the);
	xsForget(monitor->self);
	xsmcSetHostData(xsThis, NULL);
	xs_digital_monitor_destructor(monitor);
}

static void setCount(xsMachine* the, Monitor* monitor, int edge, int value)
{
	if (!(monitor->edge & edge))
		xsUnknownError("not configured");
	xsmcSetInteger(xsResult, value);
}

void xs_digital_monitor_read(xsMachine* the) { xsmcSetInteger(xsResult, readPin(getMonitor(the)->pin)); }
void xs_digital_monitor_get_rises(xsMachine* the) { Monitor* it = getMonitor(the); setCount(the, it, RISING, it->rises); }
void xs_digital_monitor_get_falls(xsMachine* the) { Monitor* it = getMonitor(the); setCount(the, it, FALLING, it->falls); }
