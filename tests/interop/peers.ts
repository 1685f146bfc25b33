/** Other clients, with whom ours is compared: each sends one message to a server on this machine, in the clear. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import nodemailer from "nodemailer";

export interface Delivery {
	port: number;
	/** Without it there is no AUTH. */
	account?: { user: string; password: string };
	from: string;
	to: readonly string[];
	/** Whole, with CRLF at its lines' ends. */
	message: Buffer;
}

export interface PeerClient {
	name: string;
	/** Why it cannot take part. */
	missing?: string;
	/** Rejects if the message was not sent. */
	send(delivery: Delivery): Promise<void>;
}

/** What all of them call themselves. */
export const HOSTNAME = "[127.0.0.1]";

const script = `
import smtplib, sys
port, user, password, sender, *to = sys.argv[1:]
with smtplib.SMTP("127.0.0.1", int(port), local_hostname="${HOSTNAME}") as smtp:
    if user:
        smtp.login(user, password)
    smtp.sendmail(sender, to, sys.stdin.buffer.read())
`;

async function sendBySmtplib({ port, account, from, to, message }: Delivery): Promise<void> {
	const { user = "", password = "" } = account ?? {};
	await run("python3", ["-c", script, String(port), user, password, from, ...to], message);
}

async function sendByNodemailer({ port, account, from, to, message }: Delivery): Promise<void> {
	const auth = account && { user: account.user, pass: account.password };
	const where = { host: "127.0.0.1", port, name: HOSTNAME, ignoreTLS: true };
	const transport = nodemailer.createTransport({ ...where, ...(auth ? { auth } : {}) });
	await transport.sendMail({ envelope: { from, to: [...to] }, raw: message });
}

/** It reads no file of the user's, and changes nothing of the message. */
async function sendByMsmtp({ port, account, from, to, message }: Delivery): Promise<void> {
	const login = account ? ["--auth=plain", `--user=${account.user}`, "--passwordeval=printenv SMTP_PASSWORD"] : [];
	const options = [
		...["--host=127.0.0.1", `--port=${port}`, `--domain=${HOSTNAME}`, "--tls=off", "--set-from-header=off"],
		...[
			"--set-date-header=off",
			"--set-msgid-header=off",
			"--remove-bcc-headers=off",
			"--undisclosed-recipients=off",
			...login,
			`--from=${from}`,
		],
	];
	await run("msmtp", [...options, "--", ...to], message, { SMTP_PASSWORD: account?.password });
}

async function run(program: string, options: string[], input: Buffer, env: NodeJS.ProcessEnv = {}): Promise<void> {
	const child = spawn(program, options, { env: { ...process.env, ...env } });
	let errors = "";
	child.stderr.on("data", (text) => {
		errors += text;
	});
	child.stdin.end(input);
	const [status] = await once(child, "close");
	if (status !== 0) throw new Error(`${program}: exit code ${status}: ${errors}`);
}

const hasMsmtp = (process.env.PATH ?? "").split(":").some((folder) => existsSync(`${folder}/msmtp`));

export const smtplib: PeerClient = { name: "Python's smtplib", send: sendBySmtplib };
export const byNodemailer: PeerClient = { name: "nodemailer", send: sendByNodemailer };
export const msmtp: PeerClient = {
	name: "msmtp",
	...(hasMsmtp ? {} : { missing: "msmtp is not here: apt-get install msmtp" }),
	send: sendByMsmtp,
};
