#include "elf.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MACHINE = 18, PROGRAM_HEADERS = 28, PROGRAM_HEADER_SIZE = 42, PROGRAM_HEADER_COUNT = 44, HEADER_SIZE = 52,
	SEGMENT_TYPE = 0, SEGMENT_OFFSET = 4, SEGMENT_ADDRESS = 12, SEGMENT_SIZE = 16, SEGMENT_HEADER_SIZE = 32,
	MACHINE_XTENSA = 94, TYPE_LOAD = 1
};

static uint32_t get(const uint8_t* at, int size)
{
	uint32_t value = 0;
	while (size--)
		value = value << 8 | at[size];
	return value;
}

static const char* loadSegment(Cpu* cpu, const uint8_t* bytes, uint32_t length, uint32_t header)
{
	uint32_t offset, size;
	if (header > length || length - header < SEGMENT_HEADER_SIZE)
		return "a program header is beyond its end";
	offset = get(bytes + header + SEGMENT_OFFSET, 4);
	size = get(bytes + header + SEGMENT_SIZE, 4);
	if (get(bytes + header + SEGMENT_TYPE, 4) != TYPE_LOAD || !size)
		return NULL;
	if (offset > length || length - offset < size)
		return "a segment is beyond its end";
	if (!cpuWrite(cpu, get(bytes + header + SEGMENT_ADDRESS, 4), bytes + offset, size))
		return "a segment is for where no memory is";
	return NULL;
}

static const char* load(Cpu* cpu, const uint8_t* bytes, uint32_t length)
{
	uint32_t i, count, header, size;
	const char* error = NULL;
	if (length < HEADER_SIZE || memcmp(bytes, "\177ELF\1\1", 6) || get(bytes + MACHINE, 2) != MACHINE_XTENSA)
		return "it is no ELF file for Xtensa";
	header = get(bytes + PROGRAM_HEADERS, 4);
	size = get(bytes + PROGRAM_HEADER_SIZE, 2);
	count = get(bytes + PROGRAM_HEADER_COUNT, 2);
	for (i = 0; i < count && !error; i++)
		error = loadSegment(cpu, bytes, length, header + i * size);
	return error;
}

static uint8_t* readAll(FILE* file, uint32_t* length)
{
	uint8_t* bytes = NULL;
	long end;
	if (fseek(file, 0, SEEK_END) || (end = ftell(file)) <= 0 || end > INT32_MAX || fseek(file, 0, SEEK_SET))
		return NULL;
	*length = (uint32_t)end;
	bytes = malloc(*length);
	if (bytes && fread(bytes, 1, *length, file) != *length) {
		free(bytes);
		return NULL;
	}
	return bytes;
}

const char* elfLoad(Cpu* cpu, const char* path)
{
	FILE* file = fopen(path, "rb");
	const char* error = "it cannot be read";
	uint32_t length;
	uint8_t* bytes = file ? readAll(file, &length) : NULL;
	if (bytes)
		error = load(cpu, bytes, length);
	free(bytes);
	if (file)
		fclose(file);
	return error;
}
