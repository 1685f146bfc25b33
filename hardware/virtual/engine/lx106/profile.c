/* Who executes how many instructions: every call of a JavaScript function and of a native is told by the interpreter of
   this build (see target.mk), and so is every collection. What a function's own code and the engine on its behalf execute
   is its own; what the profiler executes is nobody's. Exact to 25 instructions a call. */
#include "main.h"
#include "frames.h"
#include "profile.h"

enum { FUNCTIONS = 1024, DEPTH = 256, OTHER = 0, COLLECTOR = 1, FIRST = 2, NAME = 120 };

typedef struct {
	const void* code;			/* byte code, or a native's function: closures have it in common */
	char name[NAME];
	unsigned calls;
	double ticks;
} Entry;

static Entry entries[FUNCTIONS];
static struct { txSlot* slot; Entry* entry; } calls[DEPTH];
static int depth;
static uint32_t last;
static int running;

static uint32_t ticks(void)
{
	uint32_t result;
	__asm__ volatile("rsr.ccount %0" : "=r"(result));
	return result;
}

static void charge(uint32_t now)
{
	Entry* entry = depth ? calls[depth - 1].entry : &entries[OTHER];
	if (running)
		entry->ticks += now - last;
}

static const char* text(txMachine* the, txSlot* instance, txID id)
{
	txSlot* slot = mxBehaviorGetProperty(the, instance, id, 0, XS_OWN);
	if (slot && (slot->kind == XS_REFERENCE_KIND))
		return text(the, slot->value.reference, mxID(_name));
	return slot && ((slot->kind == XS_STRING_KIND) || (slot->kind == XS_STRING_X_KIND)) ? slot->value.string : "";
}

extern void fxTypedArrayGetter(txMachine* the);
extern void fxTypedArraySetter(txMachine* the);

static const char* nameOf(txMachine* the, txSlot* function)
{
	const void* code = mxFunctionInstanceCode(function)->value.code.address;
	if (code == fxTypedArrayGetter)
		return "get element";
	if (code == fxTypedArraySetter)
		return "set element";
	return text(the, function, mxID(_name));
}

/* "smtp/client SMTPClient.send" */
static void describe(txMachine* the, txSlot* function, char* name)
{
	txSlot* home = mxFunctionInstanceHome(function);
	txSlot* module = home->value.home.module;
	txSlot* object = home->value.home.object;
	const char* owner = object ? text(the, object, mxID(_constructor)) : "";
	txSlot* key = module ? fxGetKey(the, mxModuleInstanceInternal(module)->value.module.id) : NULL;
	if (object && !*owner)
		owner = text(the, object, mxID(_name));
	snprintf(name, NAME, "%s %s%s%s", key ? key->value.key.string : "engine", owner, *owner ? "." : "",
		nameOf(the, function));
}

static Entry* find(txMachine* the, txSlot* function)
{
	const void* code = mxFunctionInstanceCode(function)->value.code.address;
	unsigned index = (uintptr_t)code >> 2, tries;
	for (tries = 0; tries < FUNCTIONS - FIRST; tries++) {
		Entry* entry = &entries[FIRST + (index + tries) % (FUNCTIONS - FIRST)];
		if (entry->code == code)
			return entry;
		if (!entry->code) {
			entry->code = code;
			describe(the, function, entry->name);
			return entry;
		}
	}
	return &entries[OTHER];
}

static void enter(txSlot* slot, Entry* entry)
{
	entry->calls += running;
	if (depth < DEPTH) {
		calls[depth].slot = slot;
		calls[depth].entry = entry;
		depth++;
	}
}

/* Frames that an exception has left are still there: the stack grows down, so they are at or below this one. */
void profileBegin(txMachine* the, txSlot* slot)
{
	charge(ticks());
	while (depth && (calls[depth - 1].slot <= slot))
		depth--;
	enter(slot, find(the, slot->value.reference));
	last = ticks();
}

void profileEnd(txMachine* the, txSlot* slot)
{
	charge(ticks());
	while (depth && (calls[depth - 1].slot <= slot))
		depth--;
	last = ticks();
}

extern void collect(txMachine* the, txFlag flag);

void fxCollect(txMachine* the, txFlag flag)
{
	charge(ticks());
	enter(the->stack - 1, &entries[COLLECTOR]);
	last = ticks();
	collect(the, flag);
	charge(ticks());
	depth--;
	last = ticks();
}

void profileStart(void)
{
	int i;
	for (i = 0; i < FUNCTIONS; i++) {
		entries[i].calls = 0;
		entries[i].ticks = 0;
	}
	running = 1;
	last = ticks();
}

void profileWrite(txMachine* the)
{
	int i;
	charge(ticks());
	running = 0;
	strcpy(entries[OTHER].name, "(outside of calls)");
	strcpy(entries[COLLECTOR].name, "(garbage collector)");
	for (i = 0; i < FUNCTIONS; i++)
		if (entries[i].calls || (i == OTHER))
			framePrintf(FRAME_PROFILE, "%.0f %u %s", entries[i].ticks * 25, entries[i].calls, entries[i].name);
}
