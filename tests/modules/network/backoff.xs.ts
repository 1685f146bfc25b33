import { equal, ok, test } from "harness";
import { Backoff } from "network/backoff";

const isNear = (value: number, expected: number) => value >= expected * 0.75 && value <= expected * 1.25;

test("waits double up to a limit, each a quarter longer or shorter at most", () => {
	const backoff = new Backoff(1_000, 6_000);
	for (const expected of [1_000, 2_000, 4_000, 6_000, 6_000, 6_000]) {
		const pauseMs = backoff.next();
		ok(isNear(pauseMs, expected), `${pauseMs} for ${expected}`);
		equal(pauseMs % 1, 0);
	}
});

test("waits are not all alike", () => {
	const pauses = new Set<number>();
	for (let i = 0; i < 20; i++) pauses.add(new Backoff(100_000, 100_000).next());
	ok(pauses.size > 10, `${pauses.size} different waits of 20`);
});

test("after a success it begins anew", () => {
	const backoff = new Backoff(1_000, 60_000);
	for (let i = 0; i < 5; i++) backoff.next();
	backoff.reset();
	ok(isNear(backoff.next(), 1_000));
});
