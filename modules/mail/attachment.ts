import { isAtext } from "./address";
import { base64Lines, base64Size } from "./base64";
import { MailError } from "./error";
import { isContentId } from "./identifier";
import { beginParameter, checkParameter, parameter } from "./parameter";
import type { Part } from "./part";
import { SourcePieces } from "./pieces";
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

/** Octets of a header without a name, for a guess at the size. */
const HEADER = 240;
/** What an octet of a name may become: three as it is escaped, and its part of the folds. */
const NAME_OCTETS = 4;

/** RFC 6838, 4.2, allows this for each half; the longest in use has about 80 in both. */
const LONGEST_TYPE = 127;

/** One that has room in a line with the name of its field. */
const SHORT_TYPE = 60;

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
	private source: Source;
	private phase = Phase.TYPE;
	/** As in the options, which need not be kept; what is declared has no slot where it is not needed. */
	declare private name?: string;
	declare private type?: string;
	declare private charset?: string;
	declare private contentId?: string;
	declare private isText?: boolean;
	/** Of a text, while it is written. */
	declare private pieces?: SourcePieces | undefined;

	/** @throws MailError for a type, a name or an identifier that cannot be written */
	constructor(options: AttachmentOptions) {
		const { source, type, name, charset, contentId } = options;
		this.source = source;
		if (type !== undefined) {
			if (!isType(type)) throw new MailError("Content-Type", "not a type and a subtype");
			this.type = type;
		}
		if (contentId !== undefined) {
			if (!isContentId(contentId)) throw new MailError("Content-ID", "not an identifier");
			this.contentId = contentId;
		}
		if (name !== undefined) {
			checkParameter("Content-Disposition", name);
			this.name = name;
		}
		if (charset !== undefined) {
			checkParameter("Content-Type", charset);
			this.charset = charset;
		}
		if (options.encoding === "quoted-printable") this.isText = true;
	}

	get size(): number | undefined {
		const { size } = this.source;
		if (size === undefined || this.isText) return undefined;
		const name = this.name === undefined ? 0 : NAME_OCTETS * ArrayBuffer.fromString(this.name).byteLength;
		return HEADER + name + base64Size(size);
	}

	reset(): void {
		this.phase = Phase.TYPE;
		// pieces have kept the beginning of a character
		(this.pieces ?? this.source).reset();
	}

	render(writer: Writer): boolean {
		const { phase } = this;
		if (phase === Phase.BODY) {
			if (!(this.isText ? quoted(writer, this.pieces!) : base64Lines(writer, this.source))) return false;
			if (this.isText) this.pieces = undefined; // the next file has some of its own
			return true;
		}
		if (writer.runTo) {
			writer.goOn();
			return false;
		}
		switch (phase) {
			case Phase.TYPE:
				writer.begin("Content-Type");
				this.beginType(writer);
				break;
			case Phase.PARAMETERS:
				if (this.charset !== undefined) beginParameter(writer, "charset", this.charset);
				break;
			case Phase.CHARSET:
				if (this.charset !== undefined && !parameter(writer, "charset", this.charset)) return false;
				break;
			case Phase.ENCODING:
				writer.endLine();
				writer.begin("Content-Transfer-Encoding");
				writer.text(this.isText ? "quoted-printable" : "base64");
				writer.endLine();
				break;
			case Phase.DISPOSITION:
				writer.begin("Content-Disposition");
				writer.text(this.contentId === undefined ? "attachment" : "inline");
				if (this.name !== undefined) beginParameter(writer, "filename", this.name);
				break;
			case Phase.FILE_NAME:
				if (this.name !== undefined && !parameter(writer, "filename", this.name)) return false;
				break;
			case Phase.CONTENT_ID:
				writer.endLine();
				if (this.contentId !== undefined) beginIdentifier(writer, this.contentId);
				break;
			default:
				if (this.contentId !== undefined) {
					writer.text(">");
					writer.endLine();
				}
				writer.endLine();
				writer.reset();
				if (this.isText) {
					writer.spanTo = 0;
					this.pieces ??= new SourcePieces(this.source);
				}
		}
		this.phase = phase + 1;
		return false;
	}

	private beginType(writer: Writer): void {
		const type = this.type ?? "application/octet-stream";
		const { length } = type;
		// a type that is not very long takes no slots for a run
		if (length <= SHORT_TYPE) writer.literal(type);
		else writer.run(type, 0, length);
	}
}

const beginIdentifier = (writer: Writer, contentId: string): void => {
	writer.begin("Content-ID");
	writer.text("<");
	writer.run(contentId, 0, contentId.length);
};

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
