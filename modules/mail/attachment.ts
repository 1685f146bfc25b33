import { base64Lines, base64Size } from "./base64";
import { MailError } from "./error";
import { isContentId } from "./identifier";
import { addParameter, parseMediaType } from "./media-type";
import { beginParameter, checkParameter, parameter } from "./parameter";
import type { Part } from "./part";
import { SourcePieces } from "./pieces";
import { quoted } from "./quoted";
import type { Source } from "./source";
import type { Writer } from "./writer";

export interface AttachmentOptions {
	readonly source: Source;
	/** The file's name, of any script. */
	readonly name?: string | undefined;
	/** With its parameters, if it has some: `"text/calendar; method=REQUEST"`. Default: `"application/octet-stream"`. */
	readonly type?: string | undefined;
	/** Of a text; a type of `text/...` without one says nothing of it. */
	readonly charset?: string | undefined;
	/** To be shown within the page that refers to it by `cid:`: its identifier without brackets, `logo@example.org` or `logo.png`. */
	readonly contentId?: string | undefined;
	/** `"quoted-printable"` keeps a text readable, with CRLF at the end of every line; default: base64, byte for byte. */
	readonly encoding?: "base64" | "quoted-printable" | undefined;
}

const OCTETS = "application/octet-stream";
const CHARSET = "charset";

/** Octets of a header without a name, for a guess at the size. */
const HEADER = 240;
/** What an octet of a name may become: three as it is escaped, and its part of the folds. */
const NAME_OCTETS = 4;

/** One that has room in a line with the name of its field. */
const SHORT_TYPE = 60;

const enum Phase {
	TYPE,
	PARAMETER_STYLE,
	PARAMETER,
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
	/** Name and value of each parameter of the type but `charset`. */
	declare private parameters?: readonly string[];
	/** Index of the one that is being written. */
	declare private at?: number;
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
			const parts = parseMediaType(type);
			if (charset !== undefined) addParameter(parts.slice(), CHARSET); // there must be no other
			this.type = parts.shift()!;
			if (parts.length) this.parameters = parts;
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
		return HEADER + name + this.parametersSize() + base64Size(size);
	}

	/** Its type and subtype. */
	get mediaType(): string {
		return this.type ?? OCTETS;
	}

	private parametersSize(): number {
		const { parameters } = this;
		let size = 0;
		if (parameters)
			for (let i = 0; i < parameters.length; i++)
				size += NAME_OCTETS * ArrayBuffer.fromString(parameters[i]!).byteLength;
		return size;
	}

	reset(): void {
		this.phase = Phase.TYPE;
		if (this.at) this.at = 0;
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
			case Phase.PARAMETER_STYLE:
			case Phase.PARAMETER:
				this.phase = this.renderParameter(writer, phase);
				return false;
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

	/** Of parameters one after the other, `charset` last. @returns the next phase */
	private renderParameter(writer: Writer, phase: Phase): Phase {
		const { parameters, charset, at = 0 } = this;
		const isLast = at === (parameters ? parameters.length : 0);
		const name = isLast ? CHARSET : parameters![at]!;
		const value = isLast ? charset : parameters![at + 1]!;
		if (value === undefined) return Phase.ENCODING;
		if (phase === Phase.PARAMETER_STYLE) beginParameter(writer, name, value);
		else if (parameter(writer, name, value)) {
			if (isLast) return Phase.ENCODING;
			this.at = at + 2;
			return Phase.PARAMETER_STYLE;
		}
		return Phase.PARAMETER;
	}

	private beginType(writer: Writer): void {
		const type = this.mediaType;
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
