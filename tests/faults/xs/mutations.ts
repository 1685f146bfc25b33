/** Mutated replies, EHLO lists and challenges: whatever comes, the client's parsers keep their bounds, and end. */
import config from "mc/config";
import { LOGIN, PLAIN } from "smtp/auth";
import { Capabilities } from "smtp/capabilities";
import type { SMTPOptions } from "smtp/client";
import { CRAM_MD5 } from "smtp/crammd5";
import { SMTPError } from "smtp/error";
import { OAUTHBEARER, XOAUTH2 } from "smtp/oauth";
import { Output } from "smtp/output";
import { LINE_COUNT_LIMIT, octets, ReplyEvent, ReplyParser } from "smtp/reply";
import { Told } from "smtp/told";
import Desk from "virtual/desk";

const { count } = config as unknown as { count: number };

/** What is mutated. */
const seeds = [
	"220 mx.example.net ESMTP ready\r\n",
	"250-mx.example.net\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN XOAUTH2 CRAM-MD5\r\n250 8BITMIME\r\n",
	"334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\r\n",
	"334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n",
	"334 eyJzdGF0dXMiOiI0MDAifQ==\r\n",
	"550-5.1.1 The account that you tried to reach does not exist.\r\n550 5.1.1 s3same street \xe5\x9c\xb0\xe4\xb8\x8b\r\n",
	"354 go\r\n",
	"421 4.3.2 bye\r\n",
];
const tokens = [
	"\r\n",
	"\n",
	"\0",
	"-",
	" ",
	"\t",
	"\xff",
	"\xc3",
	"250-",
	"999",
	"=",
	"AUTH",
	"SIZE ",
	"\xe2\x80\xae",
	"5.7.8 ",
];

const password = "s3same street";
const secrets = { user: "cellar@example.net", password };
/** Of the password, in a row: what nobody may read, wherever it stands. */
const MOST = 9;
const mechanisms = [PLAIN, LOGIN, CRAM_MD5, XOAUTH2, OAUTHBEARER];
const options = { mechanisms } as unknown as SMTPOptions;
const credentials = { ...secrets, token: "t0ken" };

let state = 20_261_130;
/** The same in every run. */
const random = (below: number): number => {
	state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
	return Math.floor((state / 0x1_0000_0000) * below);
};

const mutated = (text: string): string => {
	let result = text;
	for (let i = random(6); i >= 0; i--) {
		const at = random(result.length + 1);
		const end = Math.min(at + random(12), result.length);
		const way = random(6);
		if (way === 0) result = result.slice(0, at) + result.slice(end);
		else if (way === 1) result = result.slice(0, end) + result.slice(at);
		else if (way === 2) result = result.slice(0, at) + tokens[random(tokens.length)] + result.slice(at);
		else if (way === 3) result = result.slice(0, at) + String.fromCharCode(random(256)) + result.slice(at + 1);
		else if (way === 4)
			result = result.slice(0, at) + (seeds[random(seeds.length)] as string).slice(random(20)) + result.slice(at);
		else result = result.slice(0, at) + result.slice(at, end).repeat(random(200)) + result.slice(at);
	}
	return result;
};

const counts = { mutations: 0, replies: 0, malformed: 0, refused: 0, answered: 0, cancelled: 0 };

const must = (isSo: boolean, what: string): void => {
	if (!isSo) throw new Error(what);
};

/** Feeds it in pieces, and looks at all that comes out. */
function read(text: string): void {
	const parser = new ReplyParser();
	const capabilities = new Capabilities();
	const told = new Told(secrets);
	const output = new Output(512);
	let toldBytes = 0;
	let lines = 0;
	const scan = (line: string, number: number): void => void (number > 0 && capabilities.scan(line, options));
	if (random(2)) parser.scanner = { scan };
	for (let at = 0; at < text.length; ) {
		const piece = text.slice(at, at + 1 + random(128));
		at += piece.length;
		parser.push(octets(Uint8Array.from({ length: piece.length }, (_, i) => piece.charCodeAt(i)).buffer), piece.length);
		for (let event = parser.next(); event !== ReplyEvent.None; event = parser.next()) {
			if (event === ReplyEvent.Malformed) return void counts.malformed++;
			must(parser.code >= 100 && parser.code < 600, `code ${parser.code}`);
			must(++lines <= LINE_COUNT_LIMIT * 64, "lines without end");
			if (event !== ReplyEvent.Reply) continue;
			counts.replies++;
			must(parser.octets.length <= 512, `${parser.octets.length} octets kept`);
			if (parser.code >= 400) {
				counts.refused++;
				const { text } = told.refused(parser);
				toldBytes += ArrayBuffer.fromString(text).byteLength;
				must(text.indexOf("\n") < 0 && text.indexOf("\u202e") < 0, `not one line: ${text}`);
				for (let i = 0; i <= password.length - MOST; i++)
					must(text.indexOf(password.slice(i, i + MOST)) < 0, `a secret: ${text}`);
			} else if (parser.code >= 300 && parser.code !== 354) answer(output, parser.octets);
		}
	}
	parser.end();
	must(toldBytes <= 2_048, `${toldBytes} bytes told`);
	must(capabilities.sizeLimit >= 0 && capabilities.mechanisms < 1 << mechanisms.length, "capabilities");
}

function answer(output: Output, challenge: string): void {
	for (const mechanism of mechanisms) {
		output.length = 0;
		output.begin("AUTH");
		output.base64Begin();
		const isAnswered = mechanism.respond(output, credentials, random(3), challenge);
		output.base64End();
		must(output.length <= 512, "an answer that is too long");
		if (isAnswered) counts.answered++;
		else counts.cancelled++;
	}
}

let problem: string | undefined;
for (; counts.mutations < count && !problem; counts.mutations++) {
	const text = mutated(seeds[random(seeds.length)] as string);
	try {
		read(text);
	} catch (error) {
		if (!(error instanceof SMTPError)) problem = `${error}: ${JSON.stringify(text.slice(0, 600))}`;
	}
}
Desk.report(JSON.stringify({ ...counts, problem }));
Desk.exit(0);
