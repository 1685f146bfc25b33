/** What a scenario has the program on the board do: one session, one message. It is the program's `mc/config`. */
export interface Task {
	host: string;
	user: string;
	password: string;
	pipelining: boolean;
	chunking: boolean;
	from: string;
	to: string[];
	/**
	 * "alert": a short mail, composed of a text; "canonical", "text": the board's input, a whole message that is to be copied
	 * or looked at; "attachment": the board's input, encoded in base64 on the fly.
	 */
	body: "alert" | "canonical" | "text" | "attachment";
	/** Of an alert. */
	text: string;
	/** Milliseconds since 1970. */
	date: number;
}
