import type { SMTPPhase } from "./error";
import type { Dialogue, Session } from "./session";

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const COMMAND = "command";

/**
 * Sends a command and sets the deadline for its reply.
 * @throws SMTPError (argument) if it cannot be sent; nothing has been sent then
 */
export const sendCommand = ({ connection }: Session, phase: SMTPPhase, text: string, utf8 = false): void => {
	const { output } = connection;
	output.begin(phase, utf8);
	output.text(text);
	output.end();
	connection.deadline(phase, COMMAND);
	connection.flush();
};

/** One command and its reply. */
export class Command implements Dialogue {
	onReply: () => void;

	/** @param onReply called when the connection holds the reply */
	constructor(onReply: () => void) {
		this.onReply = onReply;
	}
}
