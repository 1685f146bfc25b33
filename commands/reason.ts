/** What the system says of a file, a program or a server, for a person. */

/** Where the system's own words are of no help. */
const words: Record<string, string> = {
	EISDIR: "it is a folder",
	ENOTDIR: "what should be a folder on the way to it is none",
	ENOSPC: "the disk is full",
	EDQUOT: "the disk is full: there is a quota",
	EROFS: "the disk is read-only",
	EMFILE: "too many files are open; ulimit -n says how many may be",
	ELOOP: "its links lead in a circle",
	ENOTFOUND: "there is no server of that name, or no network",
	EAI_AGAIN: "its name could not be looked up; is there a network?",
	ENETUNREACH: "there is no way to it; is there a network?",
	EHOSTUNREACH: "there is no way to it",
	ECONNREFUSED: "nobody listens there",
	ECONNRESET: "it closed the connection",
	ETIMEDOUT: "it does not answer",
};

/**
 * Why the system did not do it, as a clause: "no such file or directory" of "ENOENT: no such file or directory, stat 'a.png'".
 */
export function reasonOf(error: unknown): string {
	const { code = "", message = String(error) } = error as Partial<NodeJS.ErrnoException>;
	return words[code] ?? message.replace(/^E[A-Z0-9]+: /, "").replace(/, \w+( '.*')?$/s, "");
}

/** What went wrong, as a sentence: of a file that could not be used its name and the reason. */
export function messageOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { code, syscall = "", path } = error as NodeJS.ErrnoException;
	if (syscall.startsWith("spawn")) return `${path} cannot be started: ${startReason(code, error)}.`;
	if (code === undefined || syscall === "") return error.message;
	if (path === undefined) return `${reasonOf(error)}.`;
	return `${path} cannot be ${usedBy(syscall)}: ${reasonOf(error)}.`;
}

function startReason(code: string | undefined, error: Error): string {
	if (code === "ENOENT") return "there is no such program on PATH";
	return code === "EACCES" ? "permission denied" : error.message;
}

function usedBy(syscall: string): string {
	if (["read", "stat", "lstat", "scandir"].includes(syscall)) return "read";
	return ["write", "mkdir", "mkdtemp", "rename", "unlink", "rm", "fsync", "chmod", "copyfile"].includes(syscall)
		? "written"
		: "opened";
}
