import type { AddressList, Group, Mailbox } from "./address";
import type { MessageOptions } from "./message";
import { charCodeAt } from "./strings";

/** Who a message is from and to, for a mail client: addresses without names. */
export interface Envelope {
	readonly from: string;
	readonly to: readonly string[];
}

/** The envelope of a message: the sender rather than the first author; To, Cc and Bcc, each address once (RFC 5322, 3.6.2). */
export const envelope = ({ from, sender, to, cc, bcc }: Addressees): Envelope => ({
	from: addressesOf(sender, from)[0] ?? "",
	to: addressesOf(to, cc, bcc),
});

type Addressees = Pick<MessageOptions, "from" | "sender" | "to" | "cc" | "bcc">;

/** The addresses in lists, without names, each once. */
export const addressesOf = (...lists: (AddressList | undefined)[]): string[] => {
	const addresses: string[] = [];
	for (let i = 0; i < lists.length; i++) collect(addresses, lists[i]);
	return addresses;
};

/** Whether servers without SMTPUTF8 can take the addresses. */
export const isASCII = (addresses: readonly string[]): boolean => {
	for (let i = 0; i < addresses.length; i++)
		for (let at = 0, code: number; (code = charCodeAt.call(addresses[i]!, at)) >= 0; at++) if (code > 127) return false;
	return true;
};

const collect = (addresses: string[], list: AddressList | undefined): void => {
	if (list === undefined) return;
	if (typeof list === "string" || !("length" in list)) collectEntry(addresses, list);
	else for (let i = 0; i < list.length; i++) collectEntry(addresses, list[i]!);
};

const collectEntry = (addresses: string[], entry: Mailbox | Group): void => {
	if (typeof entry === "object" && "group" in entry) collect(addresses, entry.members);
	else {
		const address = typeof entry === "string" ? addressIn(entry) : entry.address;
		for (let i = 0; i < addresses.length; i++) if (addresses[i] === address) return;
		addresses.push(address);
	}
};

const { lastIndexOf, slice } = String.prototype;

/** The address in `Ada <ada@example.org>`. */
const addressIn = (mailbox: string): string => {
	const from = lastIndexOf.call(mailbox, "<");
	const to = lastIndexOf.call(mailbox, ">");
	return from >= 0 && to > from && !(charCodeAt.call(mailbox, to + 1) >= 0)
		? slice.call(mailbox, from + 1, to)
		: mailbox;
};
