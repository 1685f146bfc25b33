/* From a module's source to code that any clone of the root can run where it is: the compiler's output, then what the SDK's
   linker does to it. */
#include "modules.h"
#include "frames.h"
#include "natives.h"

static int errorCount;

static void reportError(void* console, txString path, txInteger line, txString format, c_va_list arguments)
{
	char message[256];
	vsnprintf(message, sizeof(message), format, arguments);
	framePrintf(FRAME_ERROR, "%s:%d: %s", path, (int)line, message);
	errorCount++;
}

static txScript* compile(txMachine* the, const char* name, char* source)
{
	txStringCStream stream = { source, 0, strlen(source) };
	txParser parser;
	txParserJump jump;
	txScript* volatile script = NULL;		/* assigned after setjmp */
	fxInitializeParser(&parser, the, the->parserBufferSize, the->parserTableModulo);
	parser.firstJump = &jump;
	parser.reportError = reportError;
	if (c_setjmp(jump.jmp_buf) == 0) {
		parser.path = fxNewParserSymbol(&parser, (txString)name);
		fxParserTree(&parser, &stream, fxStringCGetter, mxCFlag, NULL);	/* a module; mxCFlag allows @ "native" */
		fxParserHoist(&parser);
		fxParserBind(&parser);
		script = fxParserCode(&parser);
	}
	fxTerminateParser(&parser);
	return script;
}

/* The compiler numbers a script's symbols from 1 and lists their names; the machine wants its own ids. */
static txID* mapSymbols(txMachine* the, txScript* script)
{
	txByte* p = script->symbolsBuffer;
	txID count, i, *ids;
	mxDecodeID(p, count);
	ids = calloc(count + 1, sizeof(txID));
	for (i = 1; i < count; i++) {
		ids[i] = fxNewNameC(the, (txString)p);
		p += strlen((char*)p) + 1;
	}
	return ids;
}

/* Code and strings are referred to where they are, not copied to the heap. The SDK's linker does so too, but not in modules
   that are preloaded: what their functions name as a literal is a chunk each time, and so is the code of each function that
   they make. */
static txU1 toArchive(txU1 code)
{
	switch (code) {
	case XS_CODE_CODE_1: return XS_CODE_CODE_ARCHIVE_1;
	case XS_CODE_CODE_2: return XS_CODE_CODE_ARCHIVE_2;
	case XS_CODE_CODE_4: return XS_CODE_CODE_ARCHIVE_4;
	case XS_CODE_STRING_1: return XS_CODE_STRING_ARCHIVE_1;
	case XS_CODE_STRING_2: return XS_CODE_STRING_ARCHIVE_2;
	case XS_CODE_STRING_4: return XS_CODE_STRING_ARCHIVE_4;
	}
	return code;
}

static void mapCode(txScript* script, txID* ids, int preloaded)
{
	txByte* p = script->codeBuffer;
	txByte* q = p + script->codeSize;
	while (p < q) {
		txU1* code = (txU1*)p;
		txInteger size;
		if (!preloaded)
			*code = toArchive(*code);
		size = gxCodeSizes[*code];
		p++;
		if (size > 0)						/* fixed */
			p += size - 1;
		else if (size == 0) {				/* an id */
			txID id;
			txByte* at = p;
			mxDecodeID(p, id);
			id = ids[id];
			mxEncodeID(at, id);
		}
		else if (size == -1)				/* counted by 1, 2 or 4 bytes */
			p += 1 + *(txU1*)p;
		else if (size == -2) {
			txU2 n;
			mxDecode2(p, n);
			p += n;
		}
		else {
			txS4 n;
			mxDecode4(p, n);
			p += n;
		}
	}
}

/* hostsBuffer: the count, then for each a byte (number of parameters, -1 for a destructor), the id and the native's name */
static void mapHosts(Module* module, txID* ids)
{
	txByte* p = module->script.hostsBuffer;
	txID count, id, i;
	if (!p)
		return;
	mxDecodeID(p, count);
	module->hostCount = count;
	module->hosts = calloc(count, sizeof(txHostFunctionBuilder));
	for (i = 0; i < count; i++) {
		module->hosts[i].length = *p++;
		mxDecodeID(p, id);
		module->hosts[i].id = ids[id];
		module->hosts[i].callback = nativesFind((char*)p);
		if (!module->hosts[i].callback) {
			framePrintf(FRAME_ERROR, "%s: no native \"%s\"", module->name, (char*)p);
			errorCount++;
		}
		p += strlen((char*)p) + 1;
	}
}

/* fxRunScript calls this before the module's code: its result is the array that XS_CODE_HOST indexes. */
static void buildHosts(txMachine* the)
{
	Module* module = modulesFind(fxGetKeyName(the, mxModuleInternal(mxThis)->value.module.id));
	fxBuildHosts(the, module->hostCount, module->hosts);
	mxPullSlot(mxResult);
}

int modulesAdd(txMachine* root, const char* name, char* source, int preloaded)
{
	txMachine* the = root;
	int errors = errorCount;
	txScript* script = compile(the, name, source);
	Module* module = calloc(1, sizeof(Module));
	txID* ids;
	if (!script || (errors != errorCount))
		return 0;
	module->name = strdup(name);
	module->script = *script;
	free(script);
	ids = mapSymbols(the, &module->script);
	module->preloaded = preloaded;
	mapCode(&module->script, ids, preloaded);
	mapHosts(module, ids);
	free(ids);
	free(module->script.symbolsBuffer);
	free(module->script.hostsBuffer);
	module->script.symbolsBuffer = NULL;	/* so fxRunScript neither maps nor frees it */
	module->script.hostsBuffer = NULL;
	module->script.callback = module->hostCount ? buildHosts : NULL;
	module->script.path = module->name;
	fxNewNameC(the, module->name);			/* so that the app's machine need not make a key for the name */
	modulesPut(module);
	return errors == errorCount;
}
