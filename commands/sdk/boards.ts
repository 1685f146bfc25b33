/** The boards that firmware can be built for. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../options.js";

/**
 * The SDK's name for the platform of a board.
 * @param name as the SDK has it, with or without "esp/"; "esp" alone for a board without a name
 * @param root of the SDK
 * @throws UsageError that names all boards where this is none
 */
export function platformOf(name: string, root: string): string {
	const board = name.toLowerCase().replace(/^esp\//, "");
	if (board === "esp") return board;
	const boards = boardsOf(root);
	if (!boards.includes(board))
		throw new UsageError(`There is no board "${name}". The SDK's boards with an ESP8266: ${boards.join(", ")}.`);
	return `esp/${board}`;
}

function boardsOf(root: string): string[] {
	const folder = join(root, "build", "devices", "esp", "targets");
	const names = existsSync(folder) ? readdirSync(folder) : [];
	return names.filter((name) => existsSync(join(folder, name, "manifest.json")));
}
