#include "xsmc.h"
#include "xsHost.h"
#include "user_interface.h"

enum { systemFreeMemory = 1 };

void xs_memory_map(xsMachine *the)
{
	if (0 == c_strcmp(xsmcToString(xsArg(0)), "System Free Memory"))
		xsmcSetInteger(xsResult, systemFreeMemory);
}

void xs_memory_get(xsMachine *the)
{
	if (systemFreeMemory == xsmcToInteger(xsArg(0)))
		xsmcSetInteger(xsResult, system_get_free_heap_size());
}
