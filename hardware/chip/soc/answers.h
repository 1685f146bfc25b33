/* Functions that are answered in C in place of being executed: the ROM's at their addresses, the SDK's by their symbols. */
#ifndef ANSWERS_H
#define ANSWERS_H
#include "chip.h"

void answerAt(Chip* chip, uint32_t address, const char* name, AnswerFunction function);
/* Where the firmware has that name; false: it has not. */
bool answerSymbol(Chip* chip, const char* name, AnswerFunction function);
Answer* answerFind(Chip* chip, uint32_t address);

/* Within an answer: an argument of the function, from 0 on; the end of it, with a result, and cycles that it took. */
uint32_t answerArgument(Chip* chip, int index);
void answerReturn(Chip* chip, uint32_t value);
void answerSpend(Chip* chip, uint32_t cycles);

/* Call a function of the firmware's: it runs when the answer is over, from where the program stands then; the registers are
   put back when it returns, and then is called, which may be NULL. */
void guestCall(Chip* chip, uint32_t function, int count, const uint32_t* arguments, GuestThen then, uint32_t context);
#define GUEST_CALL(chip, function, then, context, ...) \
	guestCall(chip, function, (int)(sizeof((uint32_t[]){ __VA_ARGS__ }) / 4), (uint32_t[]){ __VA_ARGS__ }, then, context)

void answersInit(Chip* chip);
#endif
