/** Composes the mail, twice as for a retry, and traces it. */
import Preference from "preference";
import stores from "stores";
import { mail, readings, render } from "./mail";

for (const [key, value] of readings) Preference.set("readings", key, value);
const message = mail({ ...stores(), preferences: Preference });
const take = (text: string) => trace(`${JSON.stringify({ text })}\n`);
const size = render(message, take);
message.reset();
const again = render(message, () => {});
trace(`${JSON.stringify({ size, again, told: message.size })}\n`);
