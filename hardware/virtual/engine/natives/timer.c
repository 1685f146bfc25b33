/* timer: the SDK's modTimer.c. The desk keeps the time and says when a timer is due. A one-shot timer is over after its
   callback, even if the callback has scheduled it again without a repeat: so it is on the device. */
#include "board.h"

typedef struct {
	Resource resource;
	xsSlot self;
	xsSlot* callback;
	int interval;						/* to repeat; 0: one-shot; -1: unscheduled */
	int schedule;						/* counts its schedules: what is due by an older one is not due any more */
	int running;						/* its callback is: closing it must wait */
	int closed;
} Timer;

static void timerMark(xsMachine* the, void* it, xsMarkRoot markRoot)
{
	markCallback(the, ((Timer*)it)->callback, markRoot);
}

static void timerDelete(void* it)
{
	Timer* timer = it;
	if (!timer)
		return;
	resourceClose(&timer->resource);
	if (timer->running)
		timer->closed = 1;
	else
		free(timer);
}

static const xsHostHooks timerHooks = { timerDelete, timerMark, NULL };

/* The object is no timer any more; its natives do nothing or throw. */
static void timerEnd(xsMachine* the, Timer* timer, xsSlot* object)
{
	xsForget(timer->self);
	timer->callback = NULL;
	fxSetHostData(the, object, NULL);
	fxSetHostDestructor(the, object, NULL);
	count(COUNT_TIMERS, -1);
	deviceCommand(NULL, 0, "timer.stop %d", timer->resource.number);
	timerDelete(timer);
}

static void timerDue(xsMachine* machine, Resource* resource, const Event* event)
{
	Timer* timer = (Timer*)resource;
	if (atoi(event->words) != timer->schedule)
		return;
	timer->running = 1;
	xsBeginHost(machine);
		xsCallFunction1(xsReference(timer->callback), xsGlobal, xsAccess(timer->self));
		if (timer->callback && !timer->interval) {
			xsResult = xsAccess(timer->self);
			timerEnd(the, timer, &xsResult);
		}
	xsEndHost(machine);
	timer->running = 0;
	if (timer->closed)
		free(timer);
}

static void start(Timer* timer, int delay, int interval)
{
	timer->interval = interval;
	timer->schedule++;
	deviceCommand(NULL, 0, "timer.start %d %d %d %d", timer->resource.number, delay, interval, timer->schedule);
}

static void createTimer(xsMachine* the, int delay, int interval)
{
	Timer* timer = calloc(1, sizeof(Timer));
	timer->callback = fxToReference(the, &xsArg(0));
	timer->self = xsNewHostObject(NULL);
	xsResult = timer->self;
	xsRemember(timer->self);
	resourceOpen(&timer->resource, timerDue);
	xsmcSetHostData(xsResult, timer);
	xsSetHostHooks(xsResult, (xsHostHooks*)&timerHooks);
	count(COUNT_TIMERS, 1);
	start(timer, delay, interval);
}

void xs_timer_set(xsMachine* the)
{
	int argc = xsmcArgc;
	requireBoard(the);
	createTimer(the, (argc > 1) ? xsmcToInteger(xsArg(1)) : 0, (argc > 2) ? xsmcToInteger(xsArg(2)) : 0);
}

void xs_timer_repeat(xsMachine* the)
{
	int interval = xsmcToInteger(xsArg(1));
	requireBoard(the);
	createTimer(the, interval, interval);
}

void xs_timer_schedule(xsMachine* the)
{
	int argc = xsmcArgc;
	Timer* timer = xsmcGetHostDataValidate(xsArg(0), (void*)&timerHooks);
	if (argc > 1)
		start(timer, xsmcToInteger(xsArg(1)), (argc > 2) ? xsmcToInteger(xsArg(2)) : 0);
	else {
		timer->interval = -1;
		timer->schedule++;
		deviceCommand(NULL, 0, "timer.stop %d", timer->resource.number);
	}
}

void xs_timer_clear(xsMachine* the)
{
	void* timer = (xsmcArgc && (xsmcTypeOf(xsArg(0)) == xsReferenceType)) ? fxGetHostDataIf(the, &xsArg(0)) : NULL;
	if (timer && resourceIsOpen(timer, timerDue))
		timerEnd(the, timer, &xsArg(0));
}

/* Blocks, as on the device: nothing else happens meanwhile. */
void xs_timer_delay(xsMachine* the)
{
	Frame answer;
	requireBoard(the);
	deviceAsk(&answer, NULL, 0, "clock.delay 0 %d", (int)xsmcToInteger(xsArg(0)));
	free(answer.body);
}
