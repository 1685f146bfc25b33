/* How modules are found and loaded: what the engine asks for. */
#include "modules.h"
#include "frames.h"
#include "main.h"
#include "startup.h"

int modulesLoaded;
unsigned modulesBytes;
static Module* first;

Module* modulesFind(const char* name)
{
	Module* module = first;
	while (module && strcmp(module->name, name))
		module = module->next;
	return module;
}

void modulesPut(Module* module)
{
	if (!module->preloaded)					/* else it goes to the root's chunks */
		modulesBytes += module->script.codeSize;
	module->next = first;
	first = module;
}

/* path becomes its own folder: "a/b" gives "a", "a" gives "", "" fails. */
static int toFolder(char* path)
{
	char* slash = strrchr(path, '/');
	if (!path[0])
		return 0;
	*(slash ? slash : path) = 0;
	return 1;
}

/* "./x" and "../x" are relative to the importing module's name; anything else is a name. */
static int resolve(const char* importer, const char* name, char* path)
{
	path[0] = 0;
	if (!strncmp(name, "./", 2) || !strncmp(name, "../", 3)) {
		if (!importer || (strlen(importer) >= C_PATH_MAX))
			return 0;
		strcpy(path, importer);
		toFolder(path);
		for (;;) {
			if (!strncmp(name, "./", 2))
				name += 2;
			else if (!strncmp(name, "../", 3)) {
				if (!toFolder(path))
					return 0;
				name += 3;
			}
			else
				break;
		}
		if (path[0])
			strcat(path, "/");
	}
	strcat(path, name);
	return 1;
}

/* .js and .mjs at the end do not count, as on the device. */
static void dropExtension(char* path)
{
	char* dot = strrchr(path, '.');
	if (dot && (!strcmp(dot, ".js") || !strcmp(dot, ".mjs")))
		*dot = 0;
}

txID fxFindModule(txMachine* the, txSlot* realm, txID moduleID, txSlot* slot)
{
	char name[C_PATH_MAX], path[2 * C_PATH_MAX];
	fxToStringBuffer(the, slot, name, sizeof(name));
	if (!resolve((moduleID == XS_NO_ID) ? NULL : fxGetKeyName(the, moduleID), name, path))
		return XS_NO_ID;
	dropExtension(path);
	return modulesFind(path) ? fxNewNameC(the, path) : XS_NO_ID;
}

void fxLoadModule(txMachine* the, txSlot* slot, txID moduleID)
{
	Module* module = modulesFind(fxGetKeyName(the, moduleID));
	if (module) {
		modulesLoaded++;
		fxResolveModule(the, slot, moduleID, &module->script, NULL, NULL);
	}
}

void modulesPreload(txMachine* the, char* name)
{
	fxBeginHost(the);
	{
		mxTry(the) {
			mxOverflow(-8);
			mxPushStringC(name);
			fxAwaitImport(the, XS_IMPORT_NAMESPACE);
			mxPop();
		}
		mxCatch(the) {
			char message[256];
			describeException(the, message, sizeof(message));
			framePrintf(FRAME_ERROR, "preload %s: %s", name, message);
			mxException = mxUndefined;
		}
	}
	fxEndHost(the);
}

const char* startupStep(int index)
{
	Module* module;
	for (module = first; module; module = module->next)
		if (!strncmp(module->name, "setup/", 6) && (index-- == 0))
			return module->name;
	return NULL;
}
