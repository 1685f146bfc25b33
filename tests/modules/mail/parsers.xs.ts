/** Composes what the desk describes, a line of JSON a message, and hands it back in hexadecimal digits. */
import Desk from "virtual/desk";
import { lines, messageOf, report } from "./described";
import type { Description } from "./descriptions";

for (const line of lines()) {
	const description: Description = JSON.parse(line);
	report(messageOf(description), description.buffer);
}
Desk.exit(0);
