/** Each rule catches what it is for, and lets pass what is right. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { rules } from "./firmware.js";
import { inspect } from "./syntax.js";

/** The rules that a file breaks, in the order of its lines. */
function broken(text: string, path = "modules/smtp/example.ts"): string[] {
	return inspect(new Map([[path, text]]), rules).map((finding) => finding.rule);
}

const caught: Record<string, [path: string, texts: string[]]> = {
	"no-regexp": [
		"modules/mail/example.ts",
		[
			"export const f = (text: string) => /a/.test(text);",
			"export const f = (text: string) => text.replace(/a/g, '');",
			"export const f = () => new RegExp('a');",
			"export const f = () => RegExp('a');",
			"export const f = () => new globalThis.RegExp('a');",
			"export const f = () => globalThis['RegExp'];",
			"export const f = (text: string) => text.match('a');",
			"export const f = (text: string) => text['matchAll']('a');",
			"export const f = (text: string) => text?.search('a');",
		],
	],
	"no-base64-module": [
		"main.ts",
		[
			"import Base64 from 'base64';",
			"import { encode } from 'modules/data/base64';",
			"export { encode } from 'base64';",
			"const Base64 = await import('base64');",
			"const bytes = Uint8Array.fromBase64('AAAA');",
			"const text = btoa('a');",
		],
	],
	"only-what-the-chip-has": [
		"hardware/esp8266/example.ts",
		[
			"export const f = () => setTimeout(f, 1);",
			"export const f = () => console.log('a');",
			"export const f = () => new TextEncoder();",
			"export const f = () => eval('1');",
			"export class A { @logged f() {} }",
			"export class A { #count = 0; }",
		],
	],
	"no-date": [
		"modules/network/example.ts",
		["export const f = () => Date.now();", "export const f = () => new Date();", "export const f = () => Date();"],
	],
	"no-module-state": [
		"modules/smtp/example.ts",
		[
			"let count = 0; export const f = () => ++count;",
			"export let count = 0;",
			"var count = 0; export { count };",
			"export const names = ['a'];",
			"export const table = { a: 1 };",
			"export const seen = new Map();",
			"export const seen = Object.freeze(new Map(), true);",
			"export const buffer = new Uint8Array(512);",
			"export const table = Object.freeze({ inner: { a: 1 } });",
			"export const table = Object.freeze({ inner: new Map() });",
			"export const list = Object.freeze([make()]);",
			"export const client = make();",
			"export const client = Object.freeze(new Client(), true);",
			"export const list = [1] as const;",
			"export default { a: 1 };",
			"export enum State { Idle }",
			"export class A { static count = 0; }",
			"export class A { static readonly names = []; }",
			"export class A { static { A.prototype.f = 1; } }",
			"export const make = () => class { static count = 0; };",
			"Array.prototype.last = null;",
			"start();",
		],
	],
	"who-may-know-whom": [
		"modules/smtp/example.ts",
		[
			"import config from 'mc/config';",
			"import TCP from 'embedded:io/socket/tcp';",
			"import type TCP from 'embedded:io/socket/tcp';",
			"import { render } from 'mail/message';",
			"import { render } from '../mail/message';",
			"import '../../main';",
			"export * from '../../config';",
			"const mail = () => import('mail/message');",
			"export type Mail = import('../mail/message').Mail;",
		],
	],
};

for (const [rule, [path, texts]] of Object.entries(caught)) {
	suite(`${rule} catches`, () => {
		for (const text of texts) test(text, () => assert.deepEqual(broken(text, path), [rule]));
	});
}

suite("more of who may know whom", () => {
	const refused: [path: string, text: string][] = [
		["modules/mail/example.ts", "import Timer from 'timer';"],
		["modules/alert/example.ts", "import { Output } from 'smtp/output';"],
		["modules/alert/example.ts", "import config from 'mc/config';"],
		["modules/network/example.ts", "import { SMTPClient } from 'smtp/client';"],
		["modules/another/example.ts", "import Timer from 'timer';"],
		["hardware/esp8266/example.ts", "import { SMTPClient } from '../../modules/smtp/client';"],
		["hardware/virtual/board.ts", "import config from 'mc/config';"],
		["config.ts", "import Timer from 'timer';"],
	];
	for (const [path, text] of refused)
		test(`${path}: ${text}`, () => assert.deepEqual(broken(text, path), ["who-may-know-whom"]));
});

suite("the rules let pass", () => {
	const fine: [path: string, text: string][] = [
		["modules/smtp/example.ts", "import Timer from 'timer'; import { a } from './reply'; export { a, Timer };"],
		["modules/smtp/example.ts", "import { encode } from './base64'; export const f = () => encode();"],
		["modules/mail/example.ts", "export const f = (window) => window.toBase64();"],
		["modules/smtp/example.ts", "export const CRLF = '\\r\\n', limit = 4 * 1024, f = () => [];"],
		["modules/smtp/example.ts", "export const table = Object.freeze({ inner: [1, 2] }, true);"],
		[
			"modules/smtp/example.ts",
			"export const P = Object.freeze({ name: 'P', f() { return [new Map()]; }, g: () => ({}) });",
		],
		["modules/smtp/example.ts", "export const codes = Object.freeze([1, 2]) as readonly number[];"],
		["modules/smtp/example.ts", "export const digits = Object.freeze(Uint8Array.of(1, 2), true);"],
		["modules/smtp/example.ts", "export const enum State { Idle }"],
		["modules/smtp/example.ts", "export class A { static readonly most = 3; private state = { now: [] }; }"],
		["modules/smtp/example.ts", "export class A { reset() { let count = 0; return ++count; } }"],
		["modules/smtp/example.ts", "declare let native: number; export const f = () => native;"],
		["modules/smtp/example.ts", "export interface Regexp { match: boolean } // no RegExp, no /slashes/ in comments"],
		[
			"modules/alert/example.ts",
			"import { send } from 'smtp/send'; import { render } from 'mail/message'; export { send, render };",
		],
		["modules/network/example.ts", "import WiFi from 'embedded:network/interface/wifi'; export { WiFi };"],
		["main.ts", "import config from 'mc/config'; const state = { config }; start(state);"],
	];
	for (const [path, text] of fine) test(text, () => assert.deepEqual(broken(text, path), []));
});

test("a finding names the place", () => {
	const text = "export const one = 1;\n\texport let two = 2;\n";
	const [finding] = inspect(new Map([["modules/smtp/example.ts", text]]), rules);
	assert.equal(finding?.line, 2);
	assert.equal(finding?.column, 13);
});
