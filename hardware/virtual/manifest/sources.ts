import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A module's file and what it adds to the name of the target it is listed under. */
export interface Source {
	file: string;
	/** For a target with a star: what follows the part before the source's own star. */
	name: string;
}

const scripts = [".ts", ".js", ".mjs"];

/**
 * The module files that a source of a manifest means: "./a/reply" (any extension), "./a/*", "./a/b*". Others, such as
 * C files and typings, are not modules: `matched` tells whether there was any file at all.
 * @param path absolute @throws Error when the folder is not there
 */
export function findSources(path: string): { sources: Source[]; matched: boolean } {
	const files = findFiles(path);
	return { sources: files.filter(({ extension }) => scripts.includes(extension)), matched: files.length > 0 };
}

/** The same of all files: what `resources` means. */
export function findFiles(path: string): (Source & { extension: string })[] {
	const wanted = basename(path);
	const folder = dirname(path);
	const star = wanted.lastIndexOf("*");
	const files: (Source & { extension: string })[] = [];
	for (const file of list(folder)) {
		if (file.startsWith(".")) continue;
		const { name, extension } = split(file);
		const rest = match(star < 0 ? undefined : wanted.slice(0, star), wanted, name, extension);
		if (rest !== undefined) files.push({ file: join(folder, file), name: rest, extension });
	}
	return files;
}

function list(folder: string): string[] {
	try {
		if (statSync(folder).isDirectory()) return readdirSync(folder).sort();
	} catch {}
	throw new Error(`there is no folder ${folder}`);
}

function split(file: string): { name: string; extension: string } {
	if (file.endsWith(".d.ts")) return { name: file.slice(0, -5), extension: ".d.ts" };
	const dot = file.lastIndexOf(".");
	return dot < 0 ? { name: file, extension: "" } : { name: file.slice(0, dot), extension: file.slice(dot) };
}

/** What a file adds to its target's name, or undefined if it is not meant. */
function match(prefix: string | undefined, wanted: string, name: string, extension: string): string | undefined {
	if (prefix !== undefined) return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
	return name === wanted || name + extension === wanted ? name : undefined;
}
