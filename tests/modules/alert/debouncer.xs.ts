import { Debouncer } from "alert/debouncer";
import { equal, test } from "harness";
import { after } from "../network/fakes";

/** Plays edges, each a state and how long it lasts, and returns how many presses they made. */
const presses = async (...edges: [pressed: boolean, forMs: number][]): Promise<number> => {
	let count = 0;
	const debouncer = new Debouncer(50, () => count++);
	for (const [pressed, forMs] of edges) {
		debouncer.edge(pressed);
		await after(forMs);
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
	equal(await presses([true, 1], [false, 200]), 1);
	equal(await presses([true, 10_000], [false, 200]), 1);
});

test("bounces at either end are none", async () => {
	equal(
		await presses([true, 1], [false, 2], [true, 1], [false, 1], [true, 500], [false, 1], [true, 2], [false, 200]),
		1,
	);
});

test("a contact that never rests is one press", async () => {
	const chatter: [boolean, number][] = [];
	for (let i = 0; i < 500; i++) chatter.push([i % 2 === 0, 20]);
	equal(await presses(...chatter), 1);
});

test("two presses are two", async () => {
	equal(await presses([true, 60], [false, 60], [true, 60], [false, 60]), 2);
	equal(await presses([true, 20], [false, 60], [true, 20], [false, 60]), 2);
});

test("an edge that was missed does not block the button", async () => {
	equal(await presses([true, 100], [true, 100], [false, 100], [false, 100], [true, 100]), 2);
});

test("the state at rest counts: a press that begins in the unrest of a release is not lost", async () => {
	equal(await presses([true, 100], [false, 10], [true, 10], [false, 100], [true, 100]), 2);
});
