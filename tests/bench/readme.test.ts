import assert from "node:assert/strict";
import { test } from "node:test";
import { readBaseline } from "./baseline.js";
import { readmeRows, rowsInReadme } from "./readme.js";

/** What stands in a row, the name left out. */
function figures(row: string): number[] {
	return row
		.split("|")
		.slice(2, -1)
		.map((cell) => Number(cell.replaceAll(",", "")));
}

test("the README's table says what the baseline says, to 2 % (./build.sh bench --update brings both up to date)", () => {
	const rows = rowsInReadme();
	readmeRows(readBaseline()).forEach((expected, index) => {
		const actual = rows[index];
		assert.ok(actual !== undefined, `the README lacks ${expected}`);
		const found = figures(actual);
		figures(expected).forEach((figure, column) => {
			const said = found[column] ?? Number.NaN;
			// the first column has one decimal
			assert.ok(Math.abs(said - figure) <= Math.max(0.02 * figure, 0.1), `${actual} should be ${expected}`);
		});
	});
});
