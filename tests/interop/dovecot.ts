/** A Dovecot of a test's own: the accounts that others ask for, and a mail store that speaks LMTP. */
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
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
	writeFileSync(
		join(folder, "users"),
		`${account.user}:{PLAIN}${account.password}::::::\n${fullUser}:{PLAIN}x::::::userdb_quota_rule=*:bytes=2000\n`,
	);
	writeFileSync(
		join(folder, "oauth2.conf"),
		`introspection_mode = get
introspection_url = http://127.0.0.1:${(tokens.address() as AddressInfo).port}/?token=
username_attribute = email
active_attribute = active
active_value = true
`,
	);
	writeFileSync(join(folder, "dovecot.conf"), configuration(folder, authPort, lmtpPort));
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

const configuration = (folder: string, authPort: number, lmtpPort: number) => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
auth_verbose = yes
auth_failure_delay = 0
protocols = lmtp
ssl = no
listen = 127.0.0.1
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:${folder}/mail/%u
mail_plugins = quota
quota_full_tempfail = no
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=100M
}
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 xoauth2 oauthbearer
auth_username_chars =
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = plain login cram-md5
  args = ${folder}/users
}
userdb {
  driver = passwd-file
  args = ${folder}/users
  default_fields = uid=${NOBODY} gid=${NOBODY} home=${folder}/mail/%u
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = ${authPort}
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
  unix_listener lmtp {
    mode = 0666
  }
}
service anvil {
  chroot =
  # no delay after wrong passwords
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
`;
