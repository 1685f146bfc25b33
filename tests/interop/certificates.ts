/** Certificates as mail servers have them: signed by an intermediate authority, which a root authority has signed. */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Paths of PEM files. */
export interface Identity {
	key: string;
	/** The server's own certificate, and the intermediate's after it. */
	chain: string;
}

const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A root authority and an intermediate one, which signs. */
export class Authority {
	readonly #folder: string;

	constructor(folder: string) {
		this.#folder = folder;
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, "index.txt"), "");
		this.#request("root", "Test Root");
		this.#sign("root", ["-selfsign", "-keyfile", "root.key"], authorityExtensions, 30);
		this.#request("middle", "Test Intermediate");
		this.#sign("middle", ["-cert", "root.pem", "-keyfile", "root.key"], authorityExtensions, 30);
	}

	/** The root's certificate, in PEM: what a client must trust. */
	get pem(): string {
		return readFileSync(join(this.#folder, "root.pem"), "utf8");
	}

	/**
	 * A server's key and chain.
	 * @param days how long they are valid; below 0: they have expired that long ago
	 * @param from days from now on which they begin to be
	 */
	issue(name: string, days = 7, from = Math.min(days, 0) - 10): Identity {
		const file = `${name}${days}`;
		this.#request(file, name);
		const extensions = `basicConstraints=critical,CA:false\nsubjectAltName=DNS:${name}\n`;
		this.#sign(file, ["-cert", "middle.pem", "-keyfile", "middle.key"], extensions, days, from);
		const chain = join(this.#folder, `${file}.pem`);
		appendFileSync(chain, readFileSync(join(this.#folder, "middle.pem")));
		return { key: join(this.#folder, `${file}.key`), chain };
	}

	/** A certificate that only vouches for itself. */
	selfSigned(name: string): Identity {
		const file = `${name}-self`;
		this.#request(file, name);
		this.#sign(file, ["-selfsign", "-keyfile", `${file}.key`], `subjectAltName=DNS:${name}\n`, 7);
		return { key: join(this.#folder, `${file}.key`), chain: join(this.#folder, `${file}.pem`) };
	}

	#request(file: string, name: string): void {
		this.#openssl("req", "-new", ...curve, "-keyout", `${file}.key`, "-out", `${file}.csr`, "-subj", `/CN=${name}`);
	}

	#sign(file: string, signer: string[], extensions: string, days: number, from = -10): void {
		writeFileSync(join(this.#folder, "ca.conf"), settings + extensions);
		const dates = ["-startdate", day(from), "-enddate", day(days)];
		const files = ["-in", `${file}.csr`, "-out", `${file}.pem`];
		this.#openssl("ca", "-batch", "-notext", "-config", "ca.conf", ...dates, ...signer, ...files);
	}

	#openssl(...words: string[]): void {
		execFileSync("openssl", words, { cwd: this.#folder, stdio: "pipe" });
	}
}

const authorityExtensions = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n";

const settings = `[ca]
default_ca=ours
[ours]
database=index.txt
new_certs_dir=.
rand_serial=yes
default_md=sha256
policy=any
x509_extensions=extensions
unique_subject=no
[any]
commonName=supplied
[extensions]
`;

/** So many days from now, as openssl writes it: YYYYMMDDHHMMSSZ. */
function day(days: number): string {
	return `${new Date(Date.now() + days * 86_400_000).toISOString().replaceAll(/[-:T]|\..*/g, "")}Z`;
}
