/** A Postfix of a test's own, as a provider's submission server: TLS, accounts, and delivery to a sink. */

import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Identity } from "./certificates.js";
import { freePorts, ServerProcess } from "./process.js";

export interface PostfixOptions {
	folder: string;
	identity: Identity;
	/** Port of Dovecot's SASL. */
	authPort: number;
	/** Port that mail for local users is delivered to, by LMTP. */
	sinkPort: number;
	/** Lines of main.cf, before which others of the same name give way. */
	settings?: string;
	/** How many processes there are for clients at a port. Default: 100, as Postfix has it. */
	processes?: number;
}

export interface Postfix {
	/** Port with STARTTLS. */
	port: number;
	/** Port with TLS from the first byte. */
	securePort: number;
	/** Port without 8BITMIME. */
	sevenBitPort: number;
	/** What it has written to its log. */
	log(): string;
	stop(): Promise<void>;
}

/** More than this, and a message is too big. */
export const SIZE_LIMIT = 2_000_000;

/** Users of example.org; mail for others is refused. */
const users = ["ada@example.org", "bob@example.org", "carol@example.org", "jőhn@example.org"];

export async function startPostfix(options: PostfixOptions): Promise<Postfix> {
	const { folder } = options;
	const [port, securePort, sevenBitPort] = (await freePorts(3)) as [number, number, number];
	makeQueue(folder);
	writeFileSync(join(folder, "etc/main.cf"), main(options));
	writeFileSync(join(folder, "etc/master.cf"), master(port, securePort, sevenBitPort, options.processes));
	const server = new ServerProcess("/usr/lib/postfix/sbin/master", ["-c", join(folder, "etc"), "-d"]);
	const stop = () => server.stop();
	const log = () => readFileSync(join(folder, "mail.log"), "utf8");
	try {
		await server.listening(port);
	} catch (error) {
		await stop();
		throw error;
	}
	return { port, securePort, sevenBitPort, log, stop };
}

/** The folders that Postfix expects, with the owners that it expects. */
function makeQueue(folder: string): void {
	const id = (option: string) => Number(execFileSync("id", [option, "postfix"], { encoding: "utf8" }));
	const uid = id("-u");
	const gid = id("-g");
	mkdirSync(join(folder, "etc"), { recursive: true });
	mkdirSync(join(folder, "queue/pid"), { recursive: true });
	for (const name of [
		...["queue/active", "queue/bounce", "queue/corrupt", "queue/defer", "queue/deferred", "queue/flush", "queue/hold"],
		...["queue/incoming", "queue/maildrop", "queue/private", "queue/public", "queue/saved", "queue/trace", "data"],
	]) {
		mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
		chownSync(join(folder, name), uid, gid);
	}
}

const main = ({ folder, identity, authPort, sinkPort, settings = "" }: PostfixOptions) => `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
mynetworks =
local_recipient_maps =
alias_maps =
alias_database =
# Header fields stay as they are, as those of clients elsewhere do.
local_header_rewrite_clients =
virtual_mailbox_domains = example.org
virtual_mailbox_maps = inline:{ ${users.map((user) => `{ ${user} = x }`).join(", ")} }
virtual_transport = lmtp:inet:127.0.0.1:${sinkPort}
default_transport = error
lmtp_discard_lhlo_keywords = dsn
smtputf8_enable = yes
message_size_limit = ${SIZE_LIMIT}
smtpd_tls_security_level = may
smtpd_tls_key_file = ${identity.key}
smtpd_tls_cert_file = ${identity.chain}
smtpd_tls_session_cache_database =
smtpd_tls_loglevel = 1
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${authPort}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = reject_unlisted_recipient
smtpd_discard_ehlo_keywords =
smtpd_error_sleep_time = 0
disable_vrfy_command = no
${settings}`;

const master = (port: number, securePort: number, sevenBitPort: number, processes: number | "-" = "-") => `
127.0.0.1:${port} inet n - n - ${processes} smtpd
127.0.0.1:${securePort} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
127.0.0.1:${sevenBitPort} inet n - n - - smtpd
  -o smtpd_discard_ehlo_keywords=8bitmime,smtputf8
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
