import { Debouncer } from "alert/debouncer";
import { equal, test } from "harness";
import Timer from "timer";

/** Resolves after a time, in which timers run. */
const after = (delayMs: number): Promise<void> => new Promise((resolve) => void Timer.set(() => resolve(), delayMs));

/**
 * Plays a script of edges and returns how many presses they made: "+20 -60" is pressed for 20 ms, released for 60.
 * The contact must be still for 50 ms.
 */
const presses = async (script: string): Promise<number> => {
	let count = 0;
	const debouncer = new Debouncer(50, () => count++);
	for (const edge of script.split(" ")) {
		debouncer.edge(edge.startsWith("+"));
		await after(Number(edge.slice(1)));
	}
	debouncer.close();
	return count;
};

test("a press counts at its first edge", () => {
	let count = 0;
	const debouncer = new Debouncer(50, () => count++);
	debouncer.edge(true);
	equal(count, 1);
	debouncer.close();
});

test("a press and its release are one press, however short or long", async () => {
	equal(await presses("+1 -200"), 1);
	equal(await presses("+10000 -200"), 1);
});

test("bounces at either end are none", async () => {
	equal(await presses("+1 -2 +1 -1 +500 -1 +2 -200"), 1);
});

test("a contact that never rests is one press", async () => {
	equal(await presses(`${"+20 -20 ".repeat(250)}+20`), 1);
});

test("two presses are two", async () => {
	equal(await presses("+60 -60 +60 -60"), 2);
	equal(await presses("+20 -60 +20 -60"), 2);
});

test("an edge that was missed does not block the button", async () => {
	equal(await presses("+100 +100 -100 +100"), 2);
});

test("a press whose release is all that was seen of it counts, at once", async () => {
	equal(await presses("-1"), 1);
	equal(await presses("-100 -100 +100 -100"), 3);
});

test("its bounces, or its being held, make it no second press", async () => {
	equal(await presses("-1 +1 -200"), 1);
	equal(await presses("-10 +500 -200 +100"), 2);
});

test("the state at rest counts: a press that begins in the unrest of a release is not lost", async () => {
	equal(await presses("+100 -10 +10 -100 +100"), 2);
});

test("the level at the start is a state: what holds then is no press, nor is its end", async () => {
	let count = 0;
	const debouncer = new Debouncer(50, () => count++);
	debouncer.begin(true); // a sensor that warms up, a door that is open
	debouncer.edge(false);
	await after(200);
	equal(count, 0);
	debouncer.edge(true);
	equal(count, 1);
	debouncer.edge(false);
	await after(200);
	equal(count, 1);
	debouncer.close();
});

test("its bounces are none either, and a press right after it counts when it is at rest", async () => {
	let count = 0;
	const debouncer = new Debouncer(50, () => count++);
	debouncer.begin(true);
	for (const pressed of [false, true, false, true, false]) {
		debouncer.edge(pressed);
		await after(2);
	}
	await after(200);
	equal(count, 0);
	debouncer.edge(false); // an edge that reads released: of a press so short that only its end was seen
	equal(count, 1);
	debouncer.close();
});

test("released at the start, the first edge is a press as ever", () => {
	let count = 0;
	const debouncer = new Debouncer(50, () => count++);
	debouncer.begin(false);
	debouncer.edge(true);
	equal(count, 1);
	debouncer.close();
});
