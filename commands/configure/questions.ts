/** Asks at a terminal for what a board needs, and checks each answer at once. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { defaultPort, readConfig } from "../../config.js";
import type { Values } from "../settings.js";
import { styleFor } from "../terminal.js";
import {
	defaultOf,
	type Key,
	type KeyDescription,
	keepsSpaces,
	keys,
	ruleOf,
	shown,
	typed,
	wrongAddress,
} from "./keys.js";
import { providerAt, providerOf } from "./providers.js";

export interface Terminal {
	input: NodeJS.ReadableStream;
	output: NodeJS.WritableStream;
}

/**
 * Goes through the questions with the values that are there as answers to keep.
 * @returns the values with the answers; rejects when the person gives up (Ctrl-C, end of input)
 */
export async function ask(terminal: Terminal, current: Values): Promise<Values> {
	const questions = new Questions(terminal, { ...current });
	try {
		return await questions.all();
	} finally {
		questions.close();
	}
}

class Questions {
	readonly #values: Values;
	readonly #say: (text: string) => void;
	readonly #style;
	readonly #lines;
	readonly #gaveUp: Promise<never>;
	#hidden = false;

	constructor({ input, output }: Terminal, values: Values) {
		this.#values = values;
		this.#say = (text) => output.write(`${text}\n`);
		this.#style = styleFor(output);
		const echo = new Writable({
			write: (chunk, _encoding, done) => {
				if (!this.#hidden) output.write(chunk);
				done();
			},
		});
		this.#lines = createInterface({ input, output: echo, terminal: true, historySize: 0 });
		this.#gaveUp = new Promise((_resolve, reject) => {
			this.#lines.once("close", () => reject(new Error("Nothing was written.")));
		});
		this.#gaveUp.catch(() => {});
	}

	close(): void {
		this.#lines.close();
	}

	async all(): Promise<Values> {
		await this.#askWiFi();
		await this.#askAccount({ ...this.#values });
		this.#heading("The alert");
		await this.#ask("to", "Who gets it (several with commas)");
		await this.#ask("device", "Name of this device");
		await this.#ask("language", "Language: en, de, es, fr, zh");
		return this.#values;
	}

	async #askWiFi(): Promise<void> {
		this.#heading("Wi-Fi");
		const { ssid } = this.#values;
		await this.#ask("ssid", "Name of the network");
		if (this.#values.ssid !== ssid) delete this.#values.password; // that of another network
		const open = this.#values.password ? '"-" for an open network' : "leave it empty for an open network";
		await this.#ask("password", `Password (${open})`);
	}

	/** @param before the values that were there */
	async #askAccount(before: Values): Promise<void> {
		this.#heading("Mail account that sends the alerts");
		await this.#ask("from", "Its address");
		if (before.from !== this.#values.from) this.#leaveAccount(before);
		this.#proposeServer();
		await this.#askServer();
		this.#values.smtpUser ??= this.#values.from;
		await this.#ask("smtpUser", 'User name ("-" for none)');
		if (this.#hasChanged(before, "smtpHost") || this.#hasChanged(before, "smtpUser")) delete this.#values.smtpPassword;
		if (this.#values.smtpUser) await this.#ask("smtpPassword", "Password");
		else delete this.#values.smtpPassword;
		await this.#askSecurity();
		await this.#ask("smtpPort", "Port");
	}

	/** What belonged to the account before goes: its server, unless it can be the new one's too, and the user's name. */
	#leaveAccount({ from, smtpHost = "", smtpUser }: Values): void {
		const server = String(smtpHost);
		const provider = providerOf(String(this.#values.from));
		const serves = provider ? provider === providerAt(server) : providerAt(server) === undefined;
		if (!serves) for (const key of ["smtpHost", "smtpSecurity", "smtpPort", "smtpUser"]) delete this.#values[key];
		else if (smtpUser === from) delete this.#values.smtpUser;
	}

	/** Another server has its own port and, where it is a known one, its own way to TLS. */
	async #askServer(): Promise<void> {
		const proposed = { ...this.#values };
		await this.#ask("smtpHost", "Mail server");
		if (!this.#hasChanged(proposed, "smtpHost")) return;
		delete this.#values.smtpPort;
		const provider = providerAt(String(this.#values.smtpHost));
		if (provider) this.#values.smtpSecurity = provider.security;
	}

	async #askSecurity(): Promise<void> {
		const { config: before } = readConfig(this.#values);
		do await this.#ask("smtpSecurity", "TLS: required (STARTTLS), implicit, none");
		while (!(await this.#passwordIsSafe()));
		const isOther = this.#values.smtpSecurity !== before.smtpSecurity;
		if (isOther && before.smtpPort === defaultPort(before.smtpSecurity)) delete this.#values.smtpPort;
	}

	#hasChanged(before: Values, key: Key): boolean {
		return String(before[key] ?? "").toLowerCase() !== String(this.#values[key] ?? "").toLowerCase();
	}

	#heading(text: string): void {
		this.#say(`\n${this.#style.bold(text)}`);
	}

	/** Fills in the server of a known provider, unless another one is configured. */
	#proposeServer(): void {
		const provider = providerOf(String(this.#values.from ?? ""));
		if (!provider) return;
		this.#say(this.#style.dim(`  ${provider.name} ${provider.advice}.`));
		if (this.#values.smtpHost) return;
		this.#values.smtpHost = provider.host;
		this.#values.smtpSecurity = provider.security;
	}

	/** Whether no password would go out in the clear, or the person says that it may. */
	async #passwordIsSafe(): Promise<boolean> {
		if (this.#values.smtpSecurity === "none" && this.#values.smtpUser) {
			this.#say(this.#style.yellow("  Without TLS everyone on the way can read the password."));
			await this.#ask("allowCleartextAuth", "Send it all the same, yes or no");
			if (this.#values.allowCleartextAuth === true) return true;
			this.#say("  Then choose TLS, or start again and give no user name.");
			delete this.#values.smtpSecurity;
			return false;
		}
		delete this.#values.allowCleartextAuth;
		return true;
	}

	/** Asks until the answer passes the app's own rule. Enter keeps what is there, "-" removes it. */
	async #ask(key: Key, question: string): Promise<void> {
		const description = keys.find((entry) => entry.key === key);
		if (!description) throw new Error(`There is no key ${key}.`);
		for (;;) {
			const present = this.#offered(description);
			const line = await this.#line(`  ${question}${present ? ` [${present}]` : ""}: `, description.secret);
			const answer = keepsSpaces(description) ? line : line.trim();
			if (answer !== answer.trim()) this.#say(this.#style.dim("  Taken with the spaces at its ends."));
			const value = answer === "" ? this.#values[key] : answer === "-" ? undefined : typed(description, answer);
			const problem = problemWith(key, value, question);
			if (problem) {
				this.#say(this.#style.red(`  ${problem}.`));
				continue;
			}
			if (value === undefined) delete this.#values[key];
			else this.#values[key] = value;
			return;
		}
	}

	/** What Enter stands for. */
	#offered(description: KeyDescription): string {
		const value = this.#values[description.key];
		if (description.type === "boolean") return value === true || value === "true" ? "yes" : "no";
		if (description.secret) return shown(description, value);
		return shown(description, value) || defaultOf(description, readConfig(this.#values).config);
	}

	async #line(question: string, secret = false): Promise<string> {
		const answer = Promise.race([this.#lines.question(question), this.#gaveUp]);
		this.#hidden = secret;
		try {
			return await answer;
		} finally {
			this.#hidden = false;
			if (secret) this.#say("");
		}
	}
}

/**
 * What the rules say of one key, by itself, as a sentence: what they say of two together waits until all is there.
 * @param question its first words name the value; of several addresses the wrong one is named
 */
function problemWith(key: Key, value: unknown, question: string): string | undefined {
	const problem = ruleBroken(key, value);
	if (!problem) return undefined;
	const wrong = wrongAddress(key, value);
	return `${wrong === undefined ? (question.split(/[:(,]/)[0] ?? "").trim() : `"${wrong}"`} ${problem}`;
}

function ruleBroken(key: Key, value: unknown): string | undefined {
	if (key === "smtpPassword" && value === undefined) return "is missing"; // it is asked where there is a user
	return ruleOf(key, value);
}
