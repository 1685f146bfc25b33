/* time, and the engine's own questions for the time. The desk's clock device answers: real or virtual. As on the device,
   the clock shows a day in 1995 until someone sets it, and local time is UTC and what timezone and dst say, in seconds. */
#include <sys/time.h>
#include <time.h>
#include "board.h"

static int timezoneOffset, daylightSavings;

/* Milliseconds since 1970, and ticks: milliseconds since start. */
static void now(double* milliseconds, unsigned* ticks)
{
	Frame answer;
	char* rest;
	deviceAsk(&answer, NULL, 0, "clock.now 0");
	*milliseconds = strtod(answer.body, &rest);
	*ticks = strtoul(rest, NULL, 10);
	free(answer.body);
}

static unsigned ticks(void)
{
	double milliseconds;
	unsigned result;
	now(&milliseconds, &result);
	return result;
}

int boardTimeOfDay(struct timeval* value, void* zone)
{
	double milliseconds;
	unsigned ticks;
	now(&milliseconds, &ticks);
	value->tv_sec = (time_t)(milliseconds / 1000);
	value->tv_usec = (milliseconds - value->tv_sec * 1000.0) * 1000;
	return 0;
}

struct tm* boardLocalTime(const time_t* seconds)
{
	time_t local = *seconds + timezoneOffset + daylightSavings;
	return gmtime(&local);
}

/* Days from 1970-01-01 to the first of a month in the Gregorian calendar. */
static long daysBefore(long year, int month)
{
	static const short days[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	long leaps = year - ((month < 2) ? 1 : 0);
	return (year - 1970) * 365 + (leaps / 4 - leaps / 100 + leaps / 400) - 477 + days[month];
}

time_t boardMakeTime(struct tm* value)
{
	long days = daysBefore(value->tm_year + 1900L, value->tm_mon) + value->tm_mday - 1;
	return ((days * 24L + value->tm_hour) * 60 + value->tm_min) * 60 + value->tm_sec - timezoneOffset - daylightSavings;
}

void xs_time_set(xsMachine* the)
{
	requireBoard(the);
	deviceCommand(NULL, 0, "clock.set 0 %.0f", xsmcToNumber(xsArg(0)));
}

void xs_time_timezone_get(xsMachine* the) { xsmcSetInteger(xsResult, timezoneOffset); }
void xs_time_timezone_set(xsMachine* the) { timezoneOffset = xsmcToInteger(xsArg(0)); }
void xs_time_dst_get(xsMachine* the) { xsmcSetInteger(xsResult, daylightSavings); }
void xs_time_dst_set(xsMachine* the) { daylightSavings = xsmcToInteger(xsArg(0)); }

void xs_time_ticks(xsMachine* the)
{
	xsmcSetInteger(xsResult, (int)ticks());
}

void xs_time_delta(xsMachine* the)
{
	unsigned start = xsmcToInteger(xsArg(0));
	unsigned end = (xsmcArgc > 1) ? (unsigned)xsmcToInteger(xsArg(1)) : ticks();
	xsmcSetInteger(xsResult, (int)(end - start));
}
