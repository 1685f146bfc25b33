/** What came of a session: gathered from what the program on the board reports, told to a person or a program. */
import type { Figures } from "../../hardware/virtual/board.js";
import { EX_SOFTWARE, EX_TEMPFAIL, EX_UNAVAILABLE, EX_USAGE, UsageError } from "../options.js";
import { messageOf } from "../reason.js";
import { type Asked, hintFor } from "./hints.js";

/** Exit code where some recipients were accepted and others refused. */
export const SOME_REFUSED = 3;

export interface Refusal {
	address: string;
	code: number;
	enhanced?: string;
	text: string;
}

/** What the server said to VRFY. */
export interface Verification {
	code: number;
	enhanced?: string;
	text: string;
}

export interface Failure {
	name: string;
	/** The kind of SMTPError, or "internal". */
	kind: string;
	phase?: string;
	code?: number;
	enhanced?: string;
	text: string;
	temporary: boolean;
}

/** The board's memory in bytes. Peaks are since the client was made. */
export interface Heap {
	slotBytes: number;
	slotPeakBytes: number;
	chunkBytes: number;
	chunkPeakBytes: number;
	stackPeakBytes: number;
	/** The most that was taken of `creation.static`. */
	staticBytes: number;
	/** Slots and chunks in use, modules loaded, nothing connected. */
	idleBytes: number;
	/** The most of slots and chunks in use at any moment from then on. */
	peakBytes: number;
	slotSize: number;
}

/** What went over the connection. */
export interface Traffic {
	/** How often the client waited for an answer. */
	roundTrips: number;
	bytesSent: number;
}

export class Outcome {
	readonly rejected: Refusal[] = [];
	failure: Failure | undefined;
	/** Where an address was asked for, and the server answered. */
	verification: Verification | undefined;
	#to: readonly string[];
	#asked: Asked;
	#sent = false;

	/** @param asked for hints that fit */
	constructor(to: readonly string[], asked: Asked = {}) {
		this.#to = to;
		this.#asked = asked;
	}

	/** Whether all has been said that the server has to say of the message. */
	get isKnown(): boolean {
		return this.#sent || this.failure !== undefined || this.verification !== undefined;
	}

	/** What can be tried; undefined where the failure says enough. */
	get hint(): string | undefined {
		return this.failure && hintFor(this.failure, this.#asked);
	}

	/** Takes a line from the board: "sent", "rejected {...}", "verified {...}" or "error {...}". */
	take(line: string): void {
		const [what = ""] = line.split(" ", 1);
		const rest = line.slice(what.length + 1);
		if (what === "sent") this.#sent = true;
		else if (what === "rejected") this.rejected.push(JSON.parse(rest) as Refusal);
		else if (what === "verified") this.verification = JSON.parse(rest) as Verification;
		else if (what === "error") this.failure = JSON.parse(rest) as Failure;
	}

	/** The program on the board ended without saying how it went. */
	ended(reason: string): void {
		if (this.isKnown) return;
		this.failure = { name: "Error", kind: "internal", text: reason, temporary: false };
	}

	/** The command failed before there was a session. */
	fail(error: unknown): void {
		const text = messageOf(error);
		const usage = error instanceof UsageError;
		this.failure = {
			name: usage ? "UsageError" : "Error",
			kind: usage ? "argument" : "internal",
			text,
			temporary: false,
		};
	}

	get accepted(): string[] {
		const refused = new Set(this.rejected.map((refusal) => refusal.address));
		return this.#sent ? this.#to.filter((address) => !refused.has(address)) : [];
	}

	get exitCode(): number {
		if (this.verification && this.verification.code >= 400)
			return this.verification.code < 500 ? EX_TEMPFAIL : EX_UNAVAILABLE;
		if (!this.failure) return this.rejected.length > 0 ? SOME_REFUSED : 0;
		if (this.failure.kind === "argument") return EX_USAGE;
		if (this.failure.kind === "internal") return EX_SOFTWARE;
		return this.failure.temporary ? EX_TEMPFAIL : EX_UNAVAILABLE;
	}

	/** What `--json` prints. Fields that a server did not give are null. */
	json(traffic: Traffic | undefined, heap: Heap | undefined): object {
		const { failure } = this;
		const reply = ({ address, code, enhanced, text }: Refusal) => ({ address, code, enhanced: enhanced ?? null, text });
		return {
			ok: this.exitCode === 0,
			accepted: this.accepted,
			rejected: this.rejected.map(reply),
			error: failure
				? {
						name: failure.name,
						phase: failure.phase ?? null,
						code: failure.code ?? null,
						enhanced: failure.enhanced ?? null,
						text: failure.text,
						temporary: failure.temporary,
						hint: this.hint ?? null,
					}
				: null,
			...(this.verification ? { verified: { enhanced: null, ...this.verification } } : {}),
			roundTrips: traffic?.roundTrips ?? 0,
			bytesSent: traffic?.bytesSent ?? 0,
			heap: heap ?? null,
		};
	}
}

/** The engine's figures in bytes. */
export function heapOf(figures: Figures): Heap {
	const { slotSize, chunks, chunksPeak } = figures;
	return {
		slotBytes: figures.slots * slotSize,
		slotPeakBytes: figures.slotsPeak * slotSize,
		chunkBytes: chunks,
		chunkPeakBytes: chunksPeak,
		stackPeakBytes: figures.stackPeak * slotSize,
		staticBytes: figures.staticPeak,
		idleBytes: figures.idleSlots * slotSize + figures.idleChunks,
		peakBytes: figures.usedPeak,
		slotSize,
	};
}
