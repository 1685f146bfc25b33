#include "xsAll.h"
#include "messages.h"

typedef struct Message Message;
struct Message {
	Message* next;
	Deliver deliver;
	void* refcon;
};
static Message* first;

void messagesPost(Deliver deliver, void* refcon)
{
	Message** address = &first;
	Message* message = malloc(sizeof(Message));
	message->next = NULL;
	message->deliver = deliver;
	message->refcon = refcon;
	while (*address)
		address = &(*address)->next;
	*address = message;
}

void messagesServe(void* machine)
{
	Message* message;
	while ((message = first)) {
		first = message->next;
		(*message->deliver)(machine, message->refcon);
		free(message);
	}
}

static void runPromiseJobs(void* machine, void* refcon)
{
	fxRunPromiseJobs(machine);
	fxEndJob(machine);
}

void fxQueuePromiseJobs(txMachine* the)
{
	messagesPost(runPromiseJobs, NULL);
}
