import { resolve } from "node:path";

/** A file that a person named, from the folder in which `./build.sh` was called. It works in the project's. */
export function givenPath(path: string): string {
	return resolve(process.env.CALLED_FROM ?? ".", path);
}
