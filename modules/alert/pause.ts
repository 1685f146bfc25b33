import type { Alert } from "./types";

const enum Ms {
	/** Pauses double from the first to the longest. */
	First = 5_000,
	Longest = 10 * 60_000,
	/** At a start, where the board has stopped in attempts again and again. */
	LongestStop = 60 * 60_000,
	/** Alerts that were refused together are tried together. */
	Together = 30_000,
}

/** Further attempts after so many refusals for good, and the pauses before them in milliseconds: an hour, six, a day. */
const refusalPauses: readonly number[] = Object.freeze([3_600_000, 6 * 3_600_000, 24 * 3_600_000]);

/** The pause after so many failures in a row, in milliseconds. */
const grown = (failures: number, longestMs: number): number =>
	Math.min(Ms.First << Math.min(failures - 1, 10), longestMs);

/** The next pause of all alerts; `pauseMs` is the last one, 0 for none. */
export const nextPause = (pauseMs: number): number => Math.min(pauseMs * 2 || Ms.First, Ms.Longest);

/** The pause at a start, after so many attempts in which the board has stopped. */
export const stopPause = (stops: number): number => grown(stops, Ms.LongestStop);

/** Shortened by up to a fifth, at random: those who failed together do not come again together. */
export const shortened = (ms: number): number => Math.floor(ms * (0.8 + Math.random() / 5));

/**
 * Lets an alert wait that has failed by itself. Of one that was restored the first refusal counts no more than it did
 * before: who starts the board has mended something, perhaps.
 * @param isFinal it was refused for good @returns for how long; undefined where it has had all its attempts
 */
export const putOff = (alert: Alert, isFinal: boolean, ticks: number): number | undefined => {
	let pauseMs: number;
	if (isFinal) {
		const { refusals } = alert;
		alert.refusals = refusals === undefined ? Math.max(alert.restored?.refusals ?? 0, 1) : refusals + 1;
		const pause = refusalPauses[alert.refusals - 1];
		if (pause === undefined) return undefined;
		pauseMs = pause + Ms.Together;
		alert.slackMs = Ms.Together;
	} else {
		alert.delays = (alert.delays ?? 0) + 1;
		pauseMs = grown(alert.delays, Ms.Longest);
		alert.slackMs = pauseMs / 5;
	}
	alert.dueTicks = (ticks + pauseMs) >>> 0;
	return pauseMs;
};
