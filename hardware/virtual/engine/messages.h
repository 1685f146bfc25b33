/* Messages a machine posts to itself, served one after the other once the code that posted them has ended: the SDK's
   modMessagePostToMachine. Promise jobs are run by such a message, as on the device. */
#ifndef MESSAGES_H
#define MESSAGES_H

typedef void (*Deliver)(void* machine, void* refcon);

void messagesPost(Deliver deliver, void* refcon);
void messagesServe(void* machine);			/* until there are none */
#endif
