# The emulated chip: Debian's gcc-xtensa-lx106 and picolibc-xtensa-lx106-elf, flags as the SDK builds for the ESP8266.
#
# The chip has double arithmetic and 32-bit division in ROM, and this compiler's libgcc lacks them. They are made from
# libgcc's own source, which Debian's gcc-12-source has, one function a file.

CC = xtensa-lx106-elf-gcc
PICOLIBC ?= /usr/lib/xtensa-lx106-elf
GCC_SOURCE ?= $(firstword $(wildcard /usr/src/gcc-*/gcc-*.tar.xz))
LX = $(HERE)/lx106
SYSTEM = system_lx106

TARGET_CFLAGS = -isystem $(PICOLIBC)/include -Os -fno-inline-functions -falign-functions=4 \
	-mlongcalls -mtext-section-literals -fno-jump-tables $(SECTIONS)
ifeq ($(TARGET),l32)
TARGET_CFLAGS += -include $(LX)/force-l32.h
endif
LINK = $(CC) -nostdlib -T $(LX)/link.ld -Wl,--gc-sections,--no-warn-rwx-segments $(WRAP) -o $@ $(OBJECTS) \
	-L$(PICOLIBC)/lib -Wl,--start-group -lc -lm -lgcc $(ROM) -Wl,--end-group

ROM = $(OUT)/rom.a
ROM_FUNCTIONS = _addsubdf3 _muldf3 _divdf3 _cmpdf2 _floatsidf _floatunsidf _fixdfsi _fixunsdfsi _addsubsf3 _mulsf3 _divsf3 \
	_cmpsf2 _floatsisf _floatunsisf _fixsfsi _fixunssfsi _truncdfsf2 _extendsfdf2 _divsi3 _udivsi3 _modsi3 _umodsi3 \
	_mulsi3 _umulsidi3
ROM_SOURCES = $(OUT)/rom/lib1funcs.S
ROM_OBJECTS = $(ROM_FUNCTIONS:%=$(OUT)/rom/%.o)

TARGET_OBJECTS = $(patsubst %,$(OUT)/lx106/%.o,start int64 rounding)
TARGET_NEEDS = $(ROM) $(LX)/link.ld

$(ROM_SOURCES): $(LX)/target.mk
	@mkdir -p $(@D)
	@echo "unpack libgcc's source"
	@tar xf $(GCC_SOURCE) -C $(@D) --wildcards --strip-components=4 --no-same-owner -m '*/libgcc/config/xtensa/*.S'

$(ROM_OBJECTS): $(OUT)/rom/%.o: $(ROM_SOURCES) $(LX)/xtensa-config.h
	@$(CC) -c -isystem $(PICOLIBC)/include -I$(LX) -I$(OUT)/rom -DL$* $(ROM_SOURCES) -o $@

$(ROM): $(ROM_OBJECTS)
	@xtensa-lx106-elf-ar rcs $@ $(ROM_OBJECTS)

$(OUT)/lx106/%.o: $(LX)/%.S
	@mkdir -p $(@D)
	@$(CC) -c $< -o $@

$(OUT)/lx106/%.o: $(LX)/%.c $(LX)/target.mk
	@mkdir -p $(@D)
	@$(CC) $(OUR_CFLAGS) $(TARGET_CFLAGS) -c $< -o $@

# The profile's interpreter tells of calls where its own tracing would, and its collector of collections. Functions keep
# their names.
ifeq ($(TARGET),profile)
MENDED += xsRun xsMemory
TARGET_OBJECTS += $(OUT)/profile.o
DEFINES += -DmxProfileCalls -DmxTraceCall

$(OUT)/profile.o: $(LX)/profile.c $(LX)/profile.h
	@$(CC) $(OUR_CFLAGS) $(TARGET_CFLAGS) $(DEFINES) $(INCLUDES) -c $< -o $@

$(OUT)/xs/xsRun.c: $(XS)/sources/xsRun.c
	@mkdir -p $(@D)
	@sed 's/^\(\s*\)fxTraceCall\(Begin\|End\)(the, mxFrameFunction);/\1profile\2(the, mxFrameFunction);/' $< > $@

$(OUT)/xs/xsMemory.c: $(XS)/sources/xsMemory.c
	@mkdir -p $(@D)
	@sed 's/^void fxCollect(txMachine\* the, txFlag theFlag)/void collect(txMachine* the, txFlag theFlag)/' $< > $@
endif
