import { deepEqual, equal, ok, rejects, test, throws } from "harness";
import Timer from "timer";

test("a test is a function", () => {
	equal(1 + 1, 2);
});

test("an asynchronous test waits, in virtual time", async () => {
	const start = Date.now();
	await new Promise<void>((done) => void Timer.set(() => done(), 300_000));
	equal(Date.now() - start, 300_000);
});

test("deepEqual compares what arrays, buffers and objects hold", () => {
	deepEqual([1, [2, { a: new Uint8Array([3]) }]], [1, [2, { a: new Uint8Array([3]) }]]);
	throws(() => deepEqual([1, 2], [1, 3]), "[1,2] is not [1,3]");
	throws(() => deepEqual({ a: 1 }, { a: 1, b: undefined }));
});

test("throws and rejects tell what was thrown", async () => {
	const error = throws(() => {
		throw new RangeError("too far");
	}, RangeError);
	equal(error.message, "too far");
	await rejects(Promise.reject(new Error("late")), "late");
	throws(() => throws(() => {}), "nothing was thrown");
	ok(true);
});
