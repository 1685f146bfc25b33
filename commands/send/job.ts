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
	/** LMTP, to a mail store. */
	lmtp?: boolean;
	/** The server may be anyone: its certificate is not looked at. */
	insecure?: boolean;
	/** False: each command waits for the reply to the one before. */
	pipelining?: boolean;
	/** False: DATA, also where the server offers BDAT. */
	chunking?: boolean;
	/** Addresses or headers have characters beyond ASCII. */
	utf8?: boolean;
	/** Octets of a whole message, where they are known. */
	size?: number;
	/** Delivery status notifications (RFC 3461). */
	dsn?: Notification;
	/** The address to ask the server about (VRFY), instead of sending anything. */
	verify?: string;
	/** The envelope: To, Cc and Bcc, each address once. */
	from: string;
	to: string[];
	/** The message comes whole as the board's input. Otherwise it is made of what follows. */
	raw: boolean;
	mail: Mail;
	/** What of the message is in files; absent: nothing. */
	contents?: Contents;
}

/** What the sender wants to be told about the delivery: RET, ENVID, NOTIFY. */
export interface Notification {
	/** A server that cannot notify is an error. */
	required?: true;
	return?: "full" | "headers";
	envelopeId?: string;
	notify?: "never" | ("success" | "failure" | "delay")[];
}

/** A message in the words of modules/mail. */
export interface Mail {
	from: string;
	replyTo?: string[];
	to?: string[];
	cc?: string[];
	subject: string;
	/** Milliseconds since 1970. */
	date: number;
	messageId: string;
	priority?: "high" | "normal" | "low";
	headers?: [name: string, value: string][];
	utf8?: boolean;
	/** Absent where it is in a file, or there is a page alone. */
	text?: string;
}

/** One of the board's files. */
export interface File {
	/** Its index. */
	file: number;
	/** In bytes. */
	size: number;
}

export interface FilePart extends File {
	name: string;
	/** MIME type. */
	type: string;
	charset?: string;
	/** How the page calls it: `cid:` and this. */
	contentId?: string;
}

export interface Contents {
	text?: File;
	html?: File;
	inline: FilePart[];
	attachments: FilePart[];
}
