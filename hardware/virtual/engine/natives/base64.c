/* Uint8Array.prototype.toBase64, which the SDK's XS has and npm's lacks: it does and costs here what it does there. */
#include "xsAll.h"
#include "natives.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
static const char standard[] = LETTERS "+/";
static const char forURLs[] = LETTERS "-_";

/* Pushes a property of the options. */
static void getOption(txMachine* the, txString name)
{
	mxPushSlot(mxArgv(0));
	mxGetID(fxFindName(the, name));
}

static const char* chosenAlphabet(txMachine* the)
{
	const char* alphabet = standard;
	getOption(the, "alphabet");
	if (!mxIsUndefined(the->stack)) {
		if (!mxIsStringPrimitive(the->stack))
			mxTypeError("options.alphabet: no string");
		if (!c_strcmp(the->stack->value.string, "base64url"))
			alphabet = forURLs;
		else if (c_strcmp(the->stack->value.string, "base64"))
			mxTypeError("options.alphabet: unknown");
	}
	mxPop();
	return alphabet;
}

static txBoolean omitsPadding(txMachine* the)
{
	txBoolean omits;
	getOption(the, "omitPadding");
	omits = fxToBoolean(the, the->stack);
	mxPop();
	return omits;
}

/* So many bytes, 1 to 3, as four characters, of which those past the bytes' last are missing or "=". */
static char* encode(char* to, const txU1* from, txInteger count, const char* alphabet, txBoolean omit)
{
	txU1 second = (count > 1) ? from[1] : 0, third = (count > 2) ? from[2] : 0;
	*to++ = alphabet[from[0] >> 2];
	*to++ = alphabet[((from[0] & 3) << 4) | (second >> 4)];
	if (count > 1)
		*to++ = alphabet[((second & 15) << 2) | (third >> 6)];
	else if (!omit)
		*to++ = '=';
	if (count > 2)
		*to++ = alphabet[third & 63];
	else if (!omit)
		*to++ = '=';
	return to;
}

static txSlot* checkUint8Array(txMachine* the)
{
	txSlot* property = mxIsReference(mxThis) ? mxThis->value.reference->next : NULL;
	if (!property || (property->kind != XS_TYPED_ARRAY_KIND)
			|| (property->value.typedArray.dispatch->constructorID != mxID(_Uint8Array)))
		mxTypeError("this: no Uint8Array");
	return property->next;
}

static void toBase64(txMachine* the)
{
	txSlot* view = checkUint8Array(the);
	txSlot* buffer = view->next;
	const char* alphabet = standard;
	txBoolean omit = 0;
	txInteger size;
	const txU1* from;
	char* to;
	if ((mxArgc > 0) && !mxIsUndefined(mxArgv(0))) {
		if (!mxIsReference(mxArgv(0)))
			mxTypeError("options: no object");
		alphabet = chosenAlphabet(the);
		omit = omitsPadding(the);
	}
	if (!buffer->value.reference->next->value.arrayBuffer.address)
		mxTypeError("detached buffer");
	size = fxGetDataViewSize(the, view, buffer);
	fxStringBuffer(the, mxResult, NULL, ((size + 2) / 3) * 4);
	from = (txU1*)buffer->value.reference->next->value.arrayBuffer.address + view->value.dataView.offset;
	to = mxResult->value.string;
	for (; size > 2; size -= 3, from += 3)
		to = encode(to, from, 3, alphabet, omit);
	if (size > 0)
		to = encode(to, from, size, alphabet, omit);
	*to = 0;
}

void nativesBase64(void* machine)
{
	txMachine* the = machine;
	txSlot* prototype;
	fxBeginHost(the);
	fxNewNameC(the, "alphabet");
	fxNewNameC(the, "omitPadding");
	mxPush(mxGlobal);
	mxGetID(mxID(_Uint8Array));
	mxGetID(mxID(_prototype));
	prototype = the->stack->value.reference;
	fxNextHostFunctionProperty(the, fxLastProperty(the, prototype), toBase64, 0, fxNewNameC(the, "toBase64"), XS_DONT_ENUM_FLAG);
	fxEndHost(the);
}
