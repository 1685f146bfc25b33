#include "board.h"

static const char* const formats[] = { NULL, "number", "buffer" };

void requireBoard(xsMachine* the)
{
	if (!nativesReady)
		xsUnknownError("no device while preloading");
}

xsSlot* getCallback(xsMachine* the, xsIdentifier id)
{
	xsSlot slot;
	xsType type;
	xsmcGet(slot, xsArg(0), id);
	type = xsmcTypeOf(slot);
	if ((type == xsUndefinedType) || (type == xsNullType))
		return NULL;
	if (!xsmcIsCallable(slot))
		xsUnknownError("not a function");
	return fxToReference(the, &slot);
}

void markCallback(xsMachine* the, xsSlot* callback, xsMarkRoot markRoot)
{
	if (callback)
		(*markRoot)(the, callback);
}

static int findFormat(const char* name)
{
	int format;
	for (format = FORMAT_NUMBER; format <= FORMAT_BUFFER; format++)
		if (!strcmp(formats[format], name))
			return format;
	return FORMAT_INVALID;
}

int initializeFormat(xsMachine* the, int format)
{
	xsSlot slot;
	if (!xsmcHas(xsArg(0), ID(format)))
		return format;
	xsmcGet(slot, xsArg(0), ID(format));
	return xsmcTest(slot) ? findFormat(xsmcToString(slot)) : format;
}

int toFormat(xsMachine* the)
{
	return findFormat(xsmcToString(xsArg(0)));
}

void getFormat(xsMachine* the, int format)
{
	if (format == FORMAT_INVALID)
		xsRangeError("bad format");
	xsmcSetString(xsResult, (char*)formats[format]);
}

void initializeTarget(xsMachine* the)
{
	xsSlot target;
	if (!xsmcHas(xsArg(0), ID(target)))
		return;
	xsmcGet(target, xsArg(0), ID(target));
	xsmcSet(xsThis, ID(target), target);
}

int32_t getInteger(xsMachine* the, xsSlot* slot)
{
	if (fxTypeOf(the, slot) == xsUndefinedType)
		xsUnknownError("invalid");
	return fxToInteger(the, slot);
}

int isAddress(const char* text)
{
	int part;
	for (part = 0; part < 4; part++) {
		int value = 0, digits = 0;
		for (; ('0' <= *text) && (*text <= '9') && (digits < 3); digits++)
			value = value * 10 + *text++ - '0';
		if (!digits || (value > 255) || (*text++ != ((part < 3) ? '.' : 0)))
			return 0;
	}
	return 1;
}
