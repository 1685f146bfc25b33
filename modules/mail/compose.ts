import type { Attachment } from "./attachment";
import { Multipart } from "./multipart";
import type { Part } from "./part";
import type { Pieces } from "./pieces";
import type { Source } from "./source";
import { HTML, TextPart } from "./text";

/** What a message has in it; at least one of them. */
export interface Contents {
	readonly text?: string | Source | Pieces | undefined;
	/** The same as a page. */
	readonly html?: string | Source | Pieces | undefined;
	/** What the page refers to by `cid:`: attachments with a `contentId`. */
	readonly inline?: readonly Attachment[] | undefined;
	readonly attachments?: readonly Attachment[] | undefined;
	/** The server takes 8bit (8BITMIME). */
	readonly eightBit?: boolean | undefined;
}

/**
 * Nests the contents of a message as readers expect it: text and page are alternatives, the page and its images are
 * related, and all of that and the attachments are mixed (RFC 2046, 5.1.4; RFC 2387).
 * @throws MailError for a text that is none
 */
export const compose = (contents: Contents): Part => {
	const { text, html, inline, attachments, eightBit } = contents;
	let page: Part | undefined;
	if (html !== undefined) {
		page = new TextPart(html, eightBit, HTML);
		if (inline?.length) page = new Multipart("related", page, inline);
	}
	let body = page;
	if (text !== undefined || !page) {
		body = new TextPart(text ?? "", eightBit);
		if (page) body = new Multipart("alternative", body, [page]);
	}
	return attachments?.length ? new Multipart("mixed", body!, attachments) : body!;
};
