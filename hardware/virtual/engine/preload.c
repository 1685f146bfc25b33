/* What the SDK's linker does between running the preloaded modules and writing the root to flash, done to the live root:
   fxShareMachine, then freezing, numbering what may be aliased, and turning heap strings into constant ones. */
#include "modules.h"
#include "frames.h"

typedef void (*Visitor)(txMachine* the, txSlot* slot);

static void visit(txMachine* the, Visitor visitor)
{
	txSlot *heap, *slot, *limit;
	for (heap = the->firstHeap; heap; heap = heap->next)
		for (slot = heap + 1, limit = heap->value.reference; slot < limit; slot++)
			(*visitor)(the, slot);
}

static int isCode(txSlot* slot)
{
	return slot && ((slot->kind == XS_CODE_KIND) || (slot->kind == XS_CODE_X_KIND)
		|| (slot->kind == XS_CALLBACK_KIND) || (slot->kind == XS_CALLBACK_X_KIND)
	#ifdef mxHostFunctionPrimitive
		|| (slot->kind == XS_HOST_FUNCTION_KIND)
	#endif
		);
}

static void freeze(txMachine* the, txSlot* instance)
{
	txSlot* property;
	for (property = instance->next; property; property = property->next) {
		property->flag |= XS_DONT_DELETE_FLAG;
		if (property->kind != XS_ACCESSOR_KIND)
			property->flag |= XS_DONT_SET_FLAG;
	}
	instance->flag |= XS_DONT_PATCH_FLAG;
}

/* Instances that are always frozen: functions, classes and their prototypes, and those XS cannot alias. */
static void freezeSome(txMachine* the, txSlot* slot)
{
	txSlot* property = slot->next;
	if ((slot->kind != XS_INSTANCE_KIND) || !property || !(property->flag & XS_INTERNAL_FLAG))
		return;
	if (isCode(property)) {
		freeze(the, slot);
		if (slot->flag & XS_CAN_CONSTRUCT_FLAG)
			for (property = property->next; property; property = property->next)
				if ((property->ID == mxID(_prototype)) && (property->kind == XS_REFERENCE_KIND))
					freeze(the, property->value.reference);
		return;
	}
	switch (property->kind) {
	case XS_PROMISE_KIND:
		if (property->next->kind == XS_REFERENCE_KIND)
			freeze(the, property->next->value.reference);	/* its reactions */
		/* falls through */
	case XS_MAP_KIND: case XS_SET_KIND: case XS_WEAK_MAP_KIND: case XS_WEAK_SET_KIND: case XS_WEAK_REF_KIND:
	case XS_ARRAY_BUFFER_KIND: case XS_DATA_VIEW_KIND: case XS_TYPED_ARRAY_KIND:
	case XS_PROXY_KIND: case XS_REGEXP_KIND:
		freeze(the, slot);
		break;
	default:
		if (property->ID == XS_ENVIRONMENT_BEHAVIOR)
			freeze(the, slot);
		else if ((property->kind == XS_CLOSURE_KIND) && (property->value.closure->kind == XS_FINALIZATION_REGISTRY_KIND))
			freeze(the, slot);
		break;
	}
}

/* Generators and pending async functions keep their frame in a chunk: the linker refuses them too. */
static void refuse(txMachine* the, txSlot* slot)
{
	if ((slot->kind == XS_INSTANCE_KIND) && slot->next && (slot->next->kind == XS_STACK_KIND))
		framePrintf(FRAME_ERROR, "preload: a generator or an async function is under way");
}

static int isFrozen(txMachine* the, txSlot* instance)
{
	txSlot* property;
	if (!(instance->flag & XS_DONT_PATCH_FLAG))
		return 0;
	for (property = instance->next; property; property = property->next) {
		if (!(property->flag & XS_INTERNAL_FLAG)) {
			if (!(property->flag & XS_DONT_DELETE_FLAG))
				return 0;
			if ((property->kind != XS_ACCESSOR_KIND) && !(property->flag & XS_DONT_SET_FLAG))
				return 0;
		}
		else if (property->kind == XS_ARRAY_KIND) {
			txSlot* item = property->value.array.address;
			txIndex n = fxGetIndexSize(the, property);
			for (; n; n--, item++) {
				if (!(item->flag & XS_DONT_DELETE_FLAG))
					return 0;
				if ((item->kind != XS_ACCESSOR_KIND) && !(item->flag & XS_DONT_SET_FLAG))
					return 0;
			}
		}
	}
	return 1;
}

/* A frozen instance has no alias, so what it hides must be read-only too. */
static void petrify(txMachine* the, txSlot* instance)
{
	txSlot *property, *slot;
	for (property = instance->next; property && (property->flag & XS_INTERNAL_FLAG); property = property->next)
		switch (property->kind) {
		case XS_ARRAY_BUFFER_KIND: case XS_DATE_KIND: case XS_REGEXP_KIND:
		case XS_MAP_KIND: case XS_SET_KIND: case XS_WEAK_MAP_KIND: case XS_WEAK_SET_KIND:
			property->flag |= XS_DONT_SET_FLAG;
			break;
		case XS_PRIVATE_KIND:
			for (slot = property->value.private.first; slot; slot = slot->next) {
				slot->flag |= XS_DONT_DELETE_FLAG;
				if (slot->kind != XS_ACCESSOR_KIND)
					slot->flag |= XS_DONT_SET_FLAG;
			}
			break;
		}
}

/* An instance or a variable that may change in a clone gets a number: its index in the clone's table of aliases.
   fxShare numbers them too, but from 0, which is XS_NO_ID, and without the linker's rules. */
static void forgetClosure(txMachine* the, txSlot* slot)
{
	if ((slot->kind == XS_CLOSURE_KIND) && slot->value.closure)
		slot->value.closure->ID = XS_NO_ID;
}

static void numberInstance(txMachine* the, txSlot* slot)
{
	if (slot->kind != XS_INSTANCE_KIND)
		return;
	slot->flag |= XS_DONT_MARSHALL_FLAG;
	if (isFrozen(the, slot)) {
		slot->ID = XS_NO_ID;
		petrify(the, slot);
	}
	else
		slot->ID = the->aliasCount++;
}

static void numberClosure(txMachine* the, txSlot* slot)
{
	txSlot* closure;
	if ((slot->kind != XS_CLOSURE_KIND) || !(closure = slot->value.closure))
		return;
	if ((closure->kind == XS_REFERENCE_KIND) && isCode(closure->value.reference->next))
		closure->flag |= XS_DONT_SET_FLAG;		/* a variable that holds a function is a constant */
	if (closure->flag & XS_DONT_SET_FLAG)
		return;
	if (closure->ID == XS_NO_ID)
		closure->ID = the->aliasCount++;
	slot->flag &= ~XS_DONT_SET_FLAG;
}

/* A heap string that a clone copied to a slot of its own would be collected and moved by the clone: make it a constant. */
static void promote(txMachine* the, txSlot* slot)
{
	slot->flag |= XS_MARK_FLAG;
	switch (slot->kind) {
	case XS_STRING_KIND: slot->kind = XS_STRING_X_KIND; break;
	case XS_KEY_KIND: slot->kind = XS_KEY_X_KIND; break;
	case XS_BIGINT_KIND: slot->kind = XS_BIGINT_X_KIND; break;
	case XS_CALLBACK_KIND: slot->kind = XS_CALLBACK_X_KIND; break;
	case XS_CODE_KIND: slot->kind = XS_CODE_X_KIND; break;
	case XS_ARRAY_KIND: {
		txSlot* item = slot->value.array.address;	/* items are in a chunk, not in the heap of slots */
		txIndex n = fxGetIndexSize(the, slot);
		if (item)							/* as the linker's fake chunks: else a collection during fxAliasInstance would move it */
			((txChunk*)((txByte*)item - sizeof(txChunk)))->temporary = NULL;
		for (; n; n--, item++)
			promote(the, item);
		} break;
	default: break;
	}
}

/* A root's global object caches what is looked up in a table of its own, which flash could not do: make it an ordinary one. */
static void simplifyGlobal(txMachine* the)
{
	txSlot* global = mxGlobal.value.reference;
	if (global->next && (global->next->kind == XS_GLOBAL_KIND)) {
		global->next = global->next->next;
		global->flag &= ~XS_EXOTIC_FLAG;
	}
}

void modulesShare(txMachine* the)
{
	txSlot* slot;
	simplifyGlobal(the);
	fxShareMachine(the);					/* detaches modules from the realm, collects, marks everything for good */
	for (slot = the->stack; slot < the->stackTop; slot++)		/* built-ins; modules and hosts */
		if ((slot->kind == XS_REFERENCE_KIND) && (slot != &mxGlobal))
			freeze(the, slot->value.reference);
	visit(the, refuse);
	visit(the, freezeSome);
	visit(the, forgetClosure);
	the->aliasCount = 1;
	visit(the, numberInstance);
	visit(the, numberClosure);
	visit(the, promote);
	for (slot = the->stack; slot < the->stackTop; slot++)
		if (slot->kind == XS_STRING_KIND)
			slot->kind = XS_STRING_X_KIND;
}
