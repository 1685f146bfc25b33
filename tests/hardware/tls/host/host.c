/*
 * Runs an app that mcconfig has built for the simulator ("-p lin": a library), without the simulator's window.
 *
 *   host mc.so
 *
 * What the app traces goes to stdout. A line of stdin is a message from the simulator's panel, such as {"button":1}.
 * STATIC: bytes of the one block that XS lives in, as on the chip (32 bits only).
 * CLOCK_OFFSET: seconds that the app's clock is ahead, or behind where negative.
 * CLOCK_FROZEN: the time at which it stands still, in seconds since 1970.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define mxLinux 1
#include "screen.h"

extern int blockInstall(void* library, int size); /* block.c */

static txScreen* gScreen;
static guint gTimer;

/* In the place of the C library's: the app's Date reads the clock here, and whatever else would take it for a seed. */
int gettimeofday(struct timeval* restrict now, void* restrict zone)
{
	const char* offset = getenv("CLOCK_OFFSET");
	const char* frozen = getenv("CLOCK_FROZEN");
	struct timespec time;

	syscall(SYS_clock_gettime, CLOCK_REALTIME, &time);
	now->tv_sec = frozen ? atol(frozen) : time.tv_sec + (offset ? atol(offset) : 0);
	now->tv_usec = frozen ? 0 : time.tv_nsec / 1000;
	return 0;
}

time_t time(time_t* result)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	if (result)
		*result = now.tv_sec;
	return now.tv_sec;
}

/* In the place of GLib's, which the simulator's Net looks names up with: every name is this machine. */
void g_resolver_lookup_by_name_async(GResolver* resolver, const gchar* name, GCancellable* cancellable,
	GAsyncReadyCallback callback, gpointer it)
{
	g_resolver_lookup_by_name_with_flags_async(resolver, "localhost", G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY, cancellable,
		callback, it);
}

GList* g_resolver_lookup_by_name_finish(GResolver* resolver, GAsyncResult* result, GError** error)
{
	return g_resolver_lookup_by_name_with_flags_finish(resolver, result, error);
}

static gboolean onIdle(gpointer it)
{
	gScreen->idle(gScreen);
	return TRUE;
}

static void onStart(txScreen* screen, double interval)
{
	screen->flags |= 1; /* running */
	if (!gTimer)
		gTimer = g_timeout_add((guint)interval, onIdle, NULL);
}

static void onAbort(txScreen* screen, int status)
{
	exit(status ? status : 1);
}

static void onScreen(txScreen* screen)
{
}

static void onPost(txScreen* screen, char* message, int size)
{
}

static gboolean onLine(GIOChannel* input, GIOCondition condition, gpointer it)
{
	gchar* line = NULL;
	gsize end = 0;

	if (g_io_channel_read_line(input, &line, NULL, &end, NULL) != G_IO_STATUS_NORMAL)
		return FALSE;
	line[end] = 0;
	gScreen->invoke(gScreen, line, 0);
	g_free(line);
	return TRUE;
}

int main(int argc, char* argv[])
{
	void* library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	void (*launch)(txScreen*) = library ? (void (*)(txScreen*))dlsym(library, "fxScreenLaunch") : NULL;

	if (!launch) {
		fprintf(stderr, "host: %s\n", argc > 1 ? dlerror() : "no app given");
		return 1;
	}
	if (getenv("STATIC") && !blockInstall(library, atoi(getenv("STATIC")))) {
		fprintf(stderr, "host: STATIC takes a build for 32 bits\n");
		return 1;
	}
	signal(SIGPIPE, SIG_IGN); /* a connection that was closed from there is no reason to end */
	setvbuf(stdout, NULL, _IOLBF, 0);
	gScreen = calloc(1, sizeof(txScreen) + 1024 * 1024); /* the pixels follow */
	gScreen->abort = onAbort;
	gScreen->bufferChanged = onScreen;
	gScreen->formatChanged = onScreen;
	gScreen->post = onPost;
	gScreen->start = onStart;
	gScreen->stop = onScreen;
	launch(gScreen);
	g_io_add_watch(g_io_channel_unix_new(0), G_IO_IN, onLine, NULL);
	g_main_loop_run(g_main_loop_new(NULL, FALSE));
	return 0;
}
