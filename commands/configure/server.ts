/** Asks a mail server for its certificates, and finds the authority that vouches for it. */
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, isIP, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { type DetailedPeerCertificate, rootCertificates, connect as secure, type TLSSocket } from "node:tls";
import { certificateReason, handshakeReason } from "../../hardware/virtual/devices/tls-reason.js";
import { boardTLS, nameOf, parseCertificates } from "../authorities.js";
import { reasonOf } from "../reason.js";
import { printable } from "../terminal.js";

export interface Server {
	host: string;
	port: number;
	security: "required" | "implicit";
}

/** For all of it: a server that says a byte now and then does not hold who asks. */
const TIMEOUT_MS = 15_000;
/** What a server may say before TLS, in bytes. */
const MOST_SAID = 65_536;

/**
 * Connects to a mail server, nothing more than TLS is begun, and looks for the authority that its certificates lead to.
 * Node checks them and the name, with the authorities that it trusts on this machine, and offers what the board would.
 * @throws Error that says why there is none
 */
export async function askServer(server: Server): Promise<X509Certificate> {
	const socket = connect(server.port, server.host);
	const timer = setTimeout(() => socket.destroy(new Error("it does not answer")), TIMEOUT_MS);
	try {
		if (server.security === "required") await startTLS(socket);
		// Debian 13's Node.js dies of a socket whose name is still looked up when TLS begins.
		else await once(socket, "connect");
		return findRoot(certificatesOf(await handshake(socket, server.host)), trustedRoots());
	} catch (error) {
		const { host, port } = server;
		throw new Error(`${host} port ${port} could not be asked: ${reasonOf(error)}.`);
	} finally {
		clearTimeout(timer);
		socket.destroy();
	}
}

const NOTHING_IN_COMMON =
	"it has nothing in common with the board, which takes ECDHE on P-256 with AES-128-GCM, and a server's key that is RSA or on P-256";

/** The authority that the first certificate leads to, by the way that a board goes: it stops at the first that it trusts. */
export function findRoot(chain: readonly X509Certificate[], roots: readonly X509Certificate[]): X509Certificate {
	let subject: X509Certificate | undefined = chain[0];
	for (let depth = 0; subject && depth <= chain.length; depth++) {
		const issued: X509Certificate = subject;
		const isIssuer = (issuer: X509Certificate) => issued.checkIssued(issuer) && issued.verify(issuer.publicKey);
		const root = roots.find(isIssuer);
		if (root) return root;
		subject = chain.find((issuer) => issuer !== issued && isIssuer(issuer));
	}
	const [own] = chain;
	throw new Error(
		`no authority that Node knows vouches for its certificate${own ? ` ("${printable(nameOf(own))}")` : ""}`,
	);
}

/** Node's authorities, and those of NODE_EXTRA_CA_CERTS. */
function trustedRoots(): X509Certificate[] {
	const extra = process.env.NODE_EXTRA_CA_CERTS;
	const roots = rootCertificates.map((pem) => new X509Certificate(pem));
	return extra ? [...roots, ...parseCertificates(readFileSync(extra))] : roots;
}

/** The dialogue up to STARTTLS (RFC 3207). */
async function startTLS(socket: Socket): Promise<void> {
	let said = 0;
	socket.on("data", (bytes) => {
		said += bytes.length;
		if (said > MOST_SAID) socket.destroy(new Error("it says too much"));
	});
	const lines = createInterface(socket);
	const failed = new Promise<never>((_, reject) => {
		socket.once("error", reject);
		socket.once("close", () => reject(new Error("it closed the connection")));
	});
	failed.catch(() => {}); // what comes later is the handshake's matter
	const replies = lines[Symbol.asyncIterator]();
	const reply = async (code: string): Promise<void> => {
		for (;;) {
			const { value, done } = await Promise.race([replies.next(), failed]);
			if (done) throw new Error("it closed the connection");
			if (/^\d{3}-/.test(value)) continue;
			if (!String(value).startsWith(code)) throw new Error(`it says "${printable(String(value).slice(0, 200))}"`);
			return;
		}
	};
	await reply("220");
	socket.write("EHLO [127.0.0.1]\r\n");
	await reply("250");
	socket.write("STARTTLS\r\n");
	await reply("220");
	lines.close();
	socket.removeAllListeners("data").removeAllListeners("error");
}

function handshake(socket: Socket, host: string): Promise<TLSSocket> {
	const names = { host, ...(isIP(host) ? {} : { servername: host }) };
	const tls = secure({ socket, ...names, ...boardTLS, rejectUnauthorized: false });
	return new Promise((resolve, reject) => {
		tls.once("secureConnect", () => {
			const problem = certificateReason(tls, host);
			if (problem === undefined) resolve(tls);
			else reject(new Error(problem));
		});
		tls.once("error", (error: NodeJS.ErrnoException) =>
			reject(new Error(/HANDSHAKE_FAILURE/.test(error.code ?? "") ? NOTHING_IN_COMMON : handshakeReason(error))),
		);
		tls.once("close", () => reject(new Error("it closed the connection")));
		socket.once("error", reject);
	});
}

function certificatesOf(tls: TLSSocket): X509Certificate[] {
	const chain: X509Certificate[] = [];
	let certificate: DetailedPeerCertificate | undefined = tls.getPeerCertificate(true);
	while (certificate?.raw) {
		chain.push(new X509Certificate(certificate.raw));
		const issuer: DetailedPeerCertificate = certificate.issuerCertificate;
		certificate = issuer === certificate ? undefined : issuer;
	}
	return chain;
}
