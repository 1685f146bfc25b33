import { File } from "file";
import { attempt } from "fuzz";
import { sendMail } from "mail";
import { generate, open } from "numbers";
import { exchange } from "stream";

/** What the test wants; `scenario.json` in the folder that the app is started in. */
export interface Scenario {
	what: "mail" | "stream" | "random" | "rsa" | "fuzz";
	host: string;
	port: number;
	security: "required" | "implicit";
	/** Files with the trusted certificates, in DER; none: no `certificate` at all. */
	authorities?: string[];
	verify?: boolean;
	serverName?: string;
	/** What `freeMemory` says, each time; the last of several stays. */
	freeMemory?: number | number[];
	/** Bytes that "stream" sends, and reads back. */
	bytes?: number;
	/** How many times, one after the other; once by default. */
	times?: number;
	/** For "random", in hexadecimal digits. */
	/** Moduli and signatures for "rsa", in hexadecimal digits. */
	pairs?: [string, string][];
	entropy?: string;
	reseed?: string;
}

const read = (path: string, type: typeof ArrayBuffer | typeof String) => {
	const file = new File(path);
	const content = file.read(type as typeof ArrayBuffer);
	file.close();
	return content;
};

/** A line for the test: what happened, and what came with it. */
const tell = (event: string, details: object = {}): void => trace(`${JSON.stringify({ event, ...details })}\n`);

const start = (): void => {
	const scenario = JSON.parse(read("scenario.json", String) as unknown as string) as Scenario;
	const { authorities, verify, serverName, freeMemory } = scenario;
	const secure = {
		...(authorities && { certificate: authorities.map((path) => read(path, ArrayBuffer)) }),
		...(verify !== undefined && { verify }),
		...(serverName !== undefined && { serverName }),
	};
	const free = [freeMemory].flat() as (number | undefined)[];
	const tls = { secure, freeMemory: () => (free.length > 1 ? free.shift() : free[0]) };
	const actions = { mail: sendMail, stream: exchange, random: generate, rsa: open, fuzz: attempt };
	actions[scenario.what](scenario, tls, tell);
};

try {
	start();
} catch (e) {
	tell("exception", { message: (e as Error).message });
	throw e;
}
