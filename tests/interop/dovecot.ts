/** A Dovecot of a test's own: the accounts that others ask for, and a mail store that speaks LMTP. */
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { quotaField, writeConfiguration } from "./dovecot-configuration.js";
import { freePorts, ServerProcess } from "./process.js";

/** The account that there is. */
export const account = { user: "ada@example.org", password: "s3cret pass", token: "ya29.an-access-token" };

/** Someone whose mailbox takes 2,000 bytes. */
export const fullUser = "full@example.org";

export interface Dovecot {
	/** Port for SASL, as Postfix asks it. */
	authPort: number;
	/** Port, and path, for LMTP. */
	lmtpPort: number;
	lmtpPath: string;
	/** What is in the inbox of a user, the oldest first. */
	mails(user: string): Buffer[];
	stop(): Promise<void>;
}

/** Whose the mailboxes are. */
const NOBODY = 65534;

export async function startDovecot(folder: string): Promise<Dovecot> {
	const tokens = await startTokenServer();
	const [authPort, lmtpPort] = (await freePorts(2)) as [number, number];
	const mail = join(folder, "mail");
	mkdirSync(mail, { recursive: true });
	chownSync(mail, NOBODY, NOBODY);
	const users = [`${account.user}:{PLAIN}${account.password}::::::`, `${fullUser}:{PLAIN}x::::::${quotaField(2000)}`];
	writeFileSync(join(folder, "users"), users.map((user) => `${user}\n`).join(""));
	const { port } = tokens.address() as AddressInfo;
	const introspection = `http://127.0.0.1:${port}/?token=`;
	writeConfiguration({ folder, authPort, lmtpPort, introspection, owner: NOBODY });
	const server = new ServerProcess("/usr/sbin/dovecot", ["-F", "-c", join(folder, "dovecot.conf")]);
	const lmtpPath = join(folder, "run/lmtp");
	const stop = async () => {
		tokens.close();
		tokens.closeAllConnections();
		await server.stop();
	};
	try {
		await server.listening(lmtpPort);
		await server.listening(authPort);
	} catch (error) {
		await stop();
		throw error;
	}
	return { authPort, lmtpPort, lmtpPath, stop, mails: (user) => readMails(join(mail, user, "new")) };
}

function readMails(folder: string): Buffer[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.sort()
		.map((name) => readFileSync(join(folder, name)));
}

/** Tells Dovecot whose a token is, as a provider of OAuth 2.0 would. */
async function startTokenServer(): Promise<Server> {
	const server = createServer((request, response) => {
		const { searchParams } = new URL(request.url ?? "", "http://localhost");
		const active = searchParams.get("token") === account.token;
		response.setHeader("content-type", "application/json");
		response.end(JSON.stringify({ active, email: account.user }));
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	return server;
}
