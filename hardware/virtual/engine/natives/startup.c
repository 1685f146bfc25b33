/* How the board starts: the default exports of modules setup/..., each with a callback that it calls when done; after the
   last, the main module, and its default export if that is a function. The SDK's modRunMachineSetup. */
#include "board.h"
#include "startup.h"

static int pending;
static const char* mainName;

static void runMain(xsMachine* the)
{
	xsmcVars(1);
	xsVar(0) = xsAwaitImport(mainName, XS_IMPORT_DEFAULT);
	if (xsmcTest(xsVar(0)) && xsmcIsCallable(xsVar(0)))
		xsCallFunction0(xsVar(0), xsGlobal);
}

static void stepDone(xsMachine* the)
{
	if (--pending == 0)
		runMain(the);
}

static void runStep(xsMachine* the, const char* name)
{
	xsResult = xsAwaitImport(name, XS_IMPORT_DEFAULT);
	if (xsmcTest(xsResult) && xsmcIsCallable(xsResult)) {
		pending++;
		xsVar(0) = xsNewHostFunction(stepDone, 0);
		xsCallFunction1(xsResult, xsGlobal, xsVar(0));
	}
}

void nativesRunMain(void* machine, char* name)
{
	int i = 0;
	const char* step;
	mainName = strdup(name);
	pending = 1;
	xsBeginHost((xsMachine*)machine);
		xsmcVars(1);
		while ((step = startupStep(i++)))
			runStep(the, step);
		stepDone(the);
	xsEndHost((xsMachine*)machine);
}
