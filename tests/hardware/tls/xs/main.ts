import { File } from "file";
import { sendMail } from "mail";
import { exchange } from "stream";

/** What the test wants; `scenario.json` in the folder that the app is started in. */
export interface Scenario {
	what: "mail" | "stream";
	host: string;
	port: number;
	security: "required" | "implicit";
	/** Files with the trusted certificates, in DER; none: no `certificate` at all. */
	authorities?: string[];
	verify?: boolean;
	serverName?: string;
	/** What `freeMemory` says. */
	freeMemory?: number;
	/** Bytes that "stream" sends, and reads back. */
	bytes?: number;
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
	const tls = { secure, ...(freeMemory !== undefined && { freeMemory: () => freeMemory }) };
	(scenario.what === "mail" ? sendMail : exchange)(scenario, tls, tell);
};

try {
	start();
} catch (e) {
	tell("exception", { message: (e as Error).message });
	throw e;
}
