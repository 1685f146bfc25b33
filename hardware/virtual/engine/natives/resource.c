/* Resource, as the SDK's modules/files/resource: the files that manifests list under resources, in flash. Nothing is copied. */
#include "board.h"
#include "system.h"

typedef struct File File;
struct File {
	File* next;
	int length;
	char* bytes;
	char name[1];
};
static File* first;

void resourceFileAdd(const char* name, const char* bytes, const char* end)
{
	File* file = systemFlash(sizeof(File) + strlen(name) + 1);
	char* place = systemFlash(end - bytes + 1);
	if (!file || !place) {
		framePrintf(FRAME_END, "no flash for the app's resources");
		systemExit(SYSTEM_DESK_GONE);
	}
	strcpy(file->name, name);
	file->length = end - bytes;
	file->bytes = place;
	memcpy(file->bytes, bytes, file->length);
	file->next = first;
	first = file;
}

static File* find(const char* name)
{
	File* file = first;
	while (file && strcmp(file->name, name))
		file = file->next;
	return file;
}

void xs_resource_destructor(void* data)
{
}

void xs_resource_constructor(xsMachine* the)
{
	File* file = find(xsmcToString(xsArg(0)));
	if (!file)
		xsURIError("Resource not found: %s", xsmcToString(xsArg(0)));
	xsmcSetHostBuffer(xsThis, file->bytes, file->length);
	xsmcPetrifyHostBuffer(xsThis);
}

void xs_resource_exists(xsMachine* the)
{
	xsmcSetBoolean(xsResult, find(xsmcToString(xsArg(0))) != NULL);
}

void xs_resource_get_byteLength(xsMachine* the)
{
	xsmcSetInteger(xsResult, xsmcGetHostBufferLength(xsThis));
}

/* slice(begin, end): always a copy */
void xs_resource_slice(xsMachine* the)
{
	int length = xsmcGetHostBufferLength(xsThis), begin = (xsmcArgc > 0) ? xsmcToInteger(xsArg(0)) : 0;
	int end = ((xsmcArgc > 1) && xsmcTest(xsArg(1))) ? xsmcToInteger(xsArg(1)) : length;
	if (begin < 0)
		begin = 0;
	if (end > length)
		end = length;
	if (begin > end)
		begin = end;
	xsmcSetArrayBuffer(xsResult, (char*)xsmcGetHostData(xsThis) + begin, end - begin);
}
