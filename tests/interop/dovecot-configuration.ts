/** Dovecot's configuration, in the words of 2.3 and of 2.4, which has changed most of them. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface DovecotSettings {
	/** Where everything is kept: "users", and in "mail" a folder for each. */
	folder: string;
	authPort: number;
	lmtpPort: number;
	/** The URL that tells whose a token is, which is appended. */
	introspection: string;
	/** The user, by number, whose the mailboxes are. */
	owner: number;
}

/** Such as "2.4.1". */
let version: string | undefined;

function dovecotVersion(): string {
	version ??= execFileSync("/usr/sbin/dovecot", ["--version"], { encoding: "utf8" }).split(" ", 1)[0] as string;
	return version;
}

const isOld = () => /^2\.[0-3]\./.test(dovecotVersion());

/** What a user's entry says of the room in the mailbox. */
export function quotaField(bytes: number): string {
	return isOld() ? `userdb_quota_rule=*:bytes=${bytes}` : `userdb_quota_storage_size=${bytes}B`;
}

/** Writes dovecot.conf, and what it refers to. */
export function writeConfiguration(settings: DovecotSettings): void {
	const { folder } = settings;
	if (isOld()) writeFileSync(join(folder, "oauth2.conf"), oauth2(settings));
	const own = isOld() ? configuration23(settings) : configuration24(settings);
	writeFileSync(join(folder, "dovecot.conf"), own + common(settings));
}

const oauth2 = ({ introspection }: DovecotSettings) => `
introspection_mode = get
introspection_url = ${introspection}
username_attribute = email
active_attribute = active
active_value = true
`;

const indent = (text: string) => text.trim().replaceAll(/^/gm, "  ");

const common = ({ folder }: DovecotSettings) => `
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
auth_mechanisms = plain login cram-md5 xoauth2 oauthbearer
auth_username_chars =
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

const listeners = ({ authPort, lmtpPort }: DovecotSettings, address: "address" | "listen") => `
service auth {
  inet_listener sasl {
    ${address} = 127.0.0.1
    port = ${authPort}
  }
}
service lmtp {
  inet_listener lmtp {
    ${address} = 127.0.0.1
    port = ${lmtpPort}
  }
  unix_listener lmtp {
    mode = 0666
  }
}
`;

const configuration23 = (settings: DovecotSettings) => `
mail_location = maildir:${settings.folder}/mail/%u
mail_plugins = quota
quota_full_tempfail = no
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=100M
}
disable_plaintext_auth = no
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${settings.folder}/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = plain login cram-md5
  args = ${settings.folder}/users
}
userdb {
  driver = passwd-file
  args = ${settings.folder}/users
  default_fields = uid=${settings.owner} gid=${settings.owner} home=${settings.folder}/mail/%u
}
${listeners(settings, "address")}
`;

const configuration24 = (settings: DovecotSettings) => `
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
mail_driver = maildir
mail_path = ${settings.folder}/mail/%{user}
mail_plugins = quota
quota_full_tempfail = no
quota_storage_size = 100M
quota_storage_grace = 0
quota "User quota" {
  driver = maildir
}
auth_allow_cleartext = yes
oauth2 {
${indent(oauth2(settings))}
}
passdb oauth2 {
  mechanisms_filter = xoauth2 oauthbearer
}
passdb passwd-file {
  mechanisms_filter = plain login cram-md5
  passwd_file_path = ${settings.folder}/users
}
userdb passwd-file {
  passwd_file_path = ${settings.folder}/users
  fields {
    uid:default = ${settings.owner}
    gid:default = ${settings.owner}
    home:default = ${settings.folder}/mail/%{user}
  }
}
${listeners(settings, "listen")}
`;
