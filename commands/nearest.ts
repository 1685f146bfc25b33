/** Names that are nearly right: which was meant. */

/** The name that a person may have meant: the same but for case and signs, a few slips away, or only its end. */
export function nearest(name: string, known: readonly string[]): string | undefined {
	const wanted = plain(name);
	const ranked = known.map((key) => ({ key, slips: slips(wanted, plain(key)) })).sort((a, b) => a.slips - b.slips);
	const [best] = ranked;
	if (best && best.slips <= Math.min(3, Math.max(1, Math.floor(wanted.length / 3)))) return best.key;
	return known.find((key) => wanted.length > 2 && (plain(key).endsWith(wanted) || wanted.endsWith(plain(key))));
}

function plain(name: string): string {
	return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** How many letters are missing, too many, others, or changed places (optimal string alignment). */
function slips(a: string, b: string): number {
	let before: number[] = [];
	let last = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1];
			const cheapest = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
			const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			row.push(swapped ? Math.min(cheapest, (before[j - 2] ?? 0) + 1) : cheapest);
		}
		[before, last] = [last, row];
	}
	return last[b.length] ?? 0;
}
