/** What a scenario has the program on the board do: one session, one message. It is the program's `mc/config`. */
export interface Task {
	host: string;
	port: number;
	user: string;
	password: string;
	pipelining: boolean;
	/** Left out: as the client finds best. */
	chunking?: boolean;
	/** Where the client's dictionary is; with the message in it, but in flash. */
	dictionary: "heap" | "flash";
	from: string;
	to: string[];
	/**
	 * "alert": a short mail, composed of a text; "canonical", "text": the board's input, a whole message that is to be copied
	 * or looked at; "attachment": the board's input, a file that goes with a text, encoded in base64 on the fly; "file": a
	 * text from the board's file, read twice, once for its encoding; "page": a text, and the same as a page.
	 */
	body: "alert" | "canonical" | "text" | "attachment" | "file" | "page";
	/** Figures are from the moment when all there is of the mail is its description, or when the server has taken it. */
	mark: "begin" | "sent";
	/** Of an alert, or beside a page. */
	text: string;
	html: string;
	/** The server takes 8bit: the message may go in it. */
	eightBit: boolean;
	/** Octets of the board's file. */
	size: number;
	/** Milliseconds since 1970. */
	date: number;
}
