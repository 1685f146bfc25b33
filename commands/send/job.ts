/** What the command tells the program on the board, as its `mc/config`. */
export interface Job {
	host: string;
	port?: number;
	security: "none" | "required" | "implicit";
	user?: string;
	password?: string;
	/** An access token instead of a password (OAuth). */
	token?: string;
	/** Name of the one AUTH mechanism to use; absent: the client chooses. */
	mechanism?: string;
	allowCleartextAuth: boolean;
	/** What the client calls itself in EHLO. */
	hostname: string;
	/** Deadline of each wait in milliseconds; absent: the client's own. */
	timeoutMs?: number;
	trace: boolean;
	from: string;
	to: string[];
	/** The message comes whole as the board's input. Otherwise it is made of what follows. */
	raw: boolean;
	subject: string;
	text: string;
	/** Milliseconds since 1970. */
	date: number;
	messageId: string;
}
