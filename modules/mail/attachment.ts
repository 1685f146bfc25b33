import { isAtext } from "./address";
import { Base64, base64Size } from "./base64";
import { MailError } from "./error";
import { isContentId } from "./identifier";
import { beginParameter, checkParameter, parameter } from "./parameter";
import type { Part } from "./part";
import { type Pieces, SourcePieces } from "./pieces";
import { quoted } from "./quoted";
import type { Source } from "./source";
import { charCodeAt } from "./strings";
import type { Writer } from "./writer";

export interface AttachmentOptions {
	readonly source: Source;
	/** The file's name, of any script. */
	readonly name?: string | undefined;
	/** Default: `"application/octet-stream"`. */
	readonly type?: string | undefined;
	/** Of a text; a type of `text/...` without one says nothing of it. */
	readonly charset?: string | undefined;
	/** To be shown within the page that refers to it by `cid:`: its identifier without brackets, `logo@example.org` or `logo.png`. */
	readonly contentId?: string | undefined;
	/** `"quoted-printable"` keeps a text readable, with CRLF at the end of every line; default: base64, byte for byte. */
	readonly encoding?: "base64" | "quoted-printable" | undefined;
}

/** Octets of a header with a name of some length, for a guess at the size. */
const HEADER = 240;

/** RFC 6838, 4.2, allows this for each half; the longest in use has about 80 in both. */
const LONGEST_TYPE = 127;

const enum Phase {
	TYPE,
	PARAMETERS,
	CHARSET,
	ENCODING,
	DISPOSITION,
	FILE_NAME,
	CONTENT_ID,
	BLANK,
	BODY,
}

/** A file that goes with a message (RFC 2183), or an image within a page (RFC 2392), from any source. */
export class Attachment implements Part {
	private options: AttachmentOptions;
	/** What encodes, or what is encoded as a text; while it is written. */
	private body: Base64 | Pieces | undefined;
	private phase = Phase.TYPE;

	/** @throws MailError for a type, a name or an identifier that cannot be written */
	constructor(options: AttachmentOptions) {
		const { type, name, charset, contentId } = options;
		if (type !== undefined && !isType(type)) throw new MailError("Content-Type", "not a type and a subtype");
		if (contentId !== undefined && !isContentId(contentId)) throw new MailError("Content-ID", "not an identifier");
		if (name !== undefined) checkParameter("Content-Disposition", name);
		if (charset !== undefined) checkParameter("Content-Type", charset);
		this.options = options;
	}

	get size(): number | undefined {
		const { source, encoding } = this.options;
		const { size } = source;
		if (size === undefined || encoding === "quoted-printable") return undefined;
		return HEADER + base64Size(size);
	}

	reset(): void {
		this.phase = Phase.TYPE;
		this.options.source.reset();
	}

	render(writer: Writer): boolean {
		const options = this.options;
		if (writer.runTo) {
			writer.goOn();
			return false;
		}
		switch (this.phase) {
			case Phase.BODY:
				if (!(this.body instanceof Base64 ? this.body.render(writer) : quoted(writer, this.body!))) return false;
				this.body = undefined; // the next file has an encoder of its own
				return true;
			case Phase.TYPE:
				writer.begin("Content-Type");
				this.type(writer);
				break;
			case Phase.PARAMETERS:
				if (options.charset !== undefined) beginParameter(writer, "charset", options.charset);
				break;
			case Phase.CHARSET:
				if (options.charset !== undefined && !parameter(writer, "charset", options.charset)) return false;
				break;
			case Phase.ENCODING:
				writer.endLine();
				writer.begin("Content-Transfer-Encoding");
				writer.text(options.encoding ?? "base64");
				writer.endLine();
				break;
			case Phase.DISPOSITION:
				writer.begin("Content-Disposition");
				writer.text(options.contentId === undefined ? "attachment" : "inline");
				if (options.name !== undefined) beginParameter(writer, "filename", options.name);
				break;
			case Phase.FILE_NAME:
				if (options.name !== undefined && !parameter(writer, "filename", options.name)) return false;
				break;
			case Phase.CONTENT_ID:
				this.contentId(writer);
				break;
			default:
				if (options.contentId !== undefined) {
					writer.text(">");
					writer.endLine();
				}
				writer.endLine();
				writer.reset();
				this.body ??= bodyOf(options);
		}
		this.phase += 1;
		return false;
	}

	private type(writer: Writer): void {
		const type = this.options.type ?? "application/octet-stream";
		writer.run(type, 0, type.length);
	}

	private contentId(writer: Writer): void {
		const { contentId } = this.options;
		writer.endLine();
		if (contentId === undefined) return;
		writer.begin("Content-ID");
		writer.text("<");
		writer.run(contentId, 0, contentId.length);
	}
}

const bodyOf = ({ source, encoding }: AttachmentOptions): Base64 | Pieces =>
	encoding === "quoted-printable" ? new SourcePieces(source) : new Base64(source);

/** `image/jpeg`: two tokens (RFC 2045, 5.1). */
const isType = (type: string): boolean => {
	let slash = 0;
	let length = 0;
	for (let code: number; (code = charCodeAt.call(type, length)) >= 0; length++) {
		if (code === 0x2f && !slash && length) slash = length;
		else if (!(isAtext(code) || code === 0x2e) || code === 0x2f || code === 0x3d || code === 0x3f) return false;
	}
	return slash > 0 && slash < length - 1 && length <= LONGEST_TYPE;
};
