/* preference: the SDK's modules/files/preference/esp/modPreference.c. The desk keeps the entries and knows how much a flash
   sector holds; the limits of one entry, and the types, are checked here. */
#include "board.h"

enum { NAME_BYTES = 31, VALUE_BYTES = 63, ENTRY_BYTES = 128, READ_BYTES = 64 - 3 };

/* "type" and then domain NUL key NUL value. Types: b(oolean), i(nteger), s(tring, with its NUL), a(rrayBuffer). */
static int writeEntry(xsMachine* the, char type, const void* value, int length)
{
	char entry[2 * (NAME_BYTES + 1) + VALUE_BYTES];
	int domain = strlen(xsmcToString(xsArg(0))) + 1, key = strlen(xsmcToString(xsArg(1))) + 1, size, failed;
	Frame answer;
	size = (domain + key + 1 + length + ((type == 'a') ? 2 : 0) + 3) & ~3;
	if ((length > VALUE_BYTES) || (size > ENTRY_BYTES))
		return 0;
	memcpy(entry, xsmcToString(xsArg(0)), domain);
	memcpy(entry + domain, xsmcToString(xsArg(1)), key);
	memcpy(entry + domain + key, value, length);
	deviceAsk(&answer, entry, domain + key + length, "preference.set 0 %c %d", type, size);
	failed = answer.length;
	free(answer.body);
	return !failed;
}

static int writeNumber(xsMachine* the, double number)
{
	int32_t value = (int32_t)number;
	uint8_t bytes[4] = { value, value >> 8, value >> 16, value >> 24 };
	if (value != number)
		xsUnknownError("float unsupported");
	return writeEntry(the, 'i', bytes, sizeof(bytes));
}

static int writeValue(xsMachine* the)
{
	uint8_t boolean;
	switch (xsmcTypeOf(xsArg(2))) {
	case xsBooleanType:
		boolean = xsmcToBoolean(xsArg(2));
		return writeEntry(the, 'b', &boolean, 1);
	case xsIntegerType:
	case xsNumberType:
		return writeNumber(the, xsmcToNumber(xsArg(2)));
	case xsStringType:
		return writeEntry(the, 's', xsmcToString(xsArg(2)), strlen(xsmcToString(xsArg(2))) + 1);
	case xsReferenceType:
		if (xsmcIsInstanceOf(xsArg(2), xsArrayBufferPrototype))
			return writeEntry(the, 'a', xsmcToArrayBuffer(xsArg(2)), xsmcGetArrayBufferLength(xsArg(2)));
		/* falls through */
	default:
		xsUnknownError("unsupported type");
	}
	return 0;
}

void xs_preference_set(xsMachine* the)
{
	requireBoard(the);
	if ((strlen(xsmcToString(xsArg(0))) > NAME_BYTES) || (strlen(xsmcToString(xsArg(1))) > NAME_BYTES))
		xsUnknownError("too long");
	if (!writeValue(the))
		xsUnknownError("can't save prefs");
}

static void ask(xsMachine* the, Frame* answer, const char* what)
{
	char entry[2 * (NAME_BYTES + 1)];
	char* domain = xsmcToString(xsArg(0));
	int length = strlen(domain) + 1;
	char* key;
	requireBoard(the);
	if (length > NAME_BYTES + 1)
		length = NAME_BYTES + 1;		/* such a name is never stored */
	memcpy(entry, domain, length);
	entry[length - 1] = 0;
	key = (xsmcArgc > 1) ? xsmcToString(xsArg(1)) : "";
	strncpy(entry + length, key, NAME_BYTES);
	entry[length + NAME_BYTES] = 0;
	deviceAsk(answer, entry, length + strlen(entry + length) + 1, "preference.%s 0", what);
}

/* The answer: type and value. The chip reads an entry's value into a buffer of 64 bytes: of an ArrayBuffer of more than 61
   the rest is not there. */
void xs_preference_get(xsMachine* the)
{
	Frame answer;
	uint8_t* value;
	int length;
	ask(the, &answer, "get");
	value = (uint8_t*)answer.body + 1;
	length = answer.length - 1;
	if ((length < 0) || (length > VALUE_BYTES) || ((*answer.body == 'i') && (length != 4)))
		length = -1;				/* no entry, or none that was ever written */
	switch ((length < 0) ? 0 : *answer.body) {
	case 'b':
		xsmcSetBoolean(xsResult, *value);
		break;
	case 'i':
		xsmcSetInteger(xsResult, (int32_t)(value[0] | (value[1] << 8) | (value[2] << 16) | ((uint32_t)value[3] << 24)));
		break;
	case 's':
		xsmcSetString(xsResult, (char*)value);
		break;
	case 'a':
		if (length > READ_BYTES)
			memset(value + READ_BYTES, 0, length - READ_BYTES);
		xsmcSetArrayBuffer(xsResult, value, length);
		break;
	}
	free(answer.body);
}

void xs_preference_delete(xsMachine* the)
{
	Frame answer;
	ask(the, &answer, "delete");
	free(answer.body);
}

/* The answer: keys, each with its NUL */
void xs_preference_keys(xsMachine* the)
{
	Frame answer;
	char* key;
	int index = 0;
	ask(the, &answer, "keys");
	xsmcVars(1);
	xsmcSetNewArray(xsResult, 0);
	for (key = answer.body; key < answer.body + answer.length; key += strlen(key) + 1) {
		xsmcSetString(xsVar(0), key);
		xsmcSetIndex(xsResult, index++, xsVar(0));
	}
	free(answer.body);
}
