/* The operating system's random source: what the simulator has, whose C library's rand() is the same at each start. */
#include "xsmc.h"
#include "mc.xs.h"
#include <stdlib.h>

#if mxWindows
	#define WIN32_LEAN_AND_MEAN
	#include <windows.h>
	#include <bcrypt.h>
	#pragma comment(lib, "bcrypt")
#else
	#include <sys/random.h>
#endif

static int fill(unsigned char* bytes, size_t size)
{
#if mxWindows
	return BCryptGenRandom(NULL, bytes, (ULONG)size, BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0;
#else
	return getentropy(bytes, size) == 0; /* 256 bytes at most */
#endif
}

void xs_tls_entropy(xsMachine* the)
{
	xsIntegerValue size = xsmcToInteger(xsArg(0));

	if (!fill(xsmcSetArrayBuffer(xsResult, NULL, size), size))
		xsUnknownError("the operating system gives no random numbers");
}
