/** What build.sh brings before a command can run, on machines of all kinds. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { command } from "./command.js";
import { Machine, nodeScript } from "./machine.js";

const isBrought = /^Fetching Node\.js for this project, once$/m;

suite("Node.js", () => {
	for (const version of ["20.13.0", "22.0.0", "24.0.1", "100.1.0"])
		test(`${version} is new enough`, (t) => {
			const machine = new Machine(t).hasNode(version).hasNPM(nodeScript("24.1.0"));
			const { status, stdout, stderr } = machine.build("doctor");
			assert.equal(status, 0, stderr);
			assert.equal(stdout, `Node.js ${version} runs build/node/commands/doctor.js\n`);
			assert.doesNotMatch(stderr, isBrought);
		});

	for (const version of ["20.12.9", "19.11.0", "18.20.4", "9.0.0"])
		test(`${version} is too old: npm brings one into the project, once, without root`, (t) => {
			const machine = new Machine(t).hasNode(version).hasNPM(nodeScript("24.1.0"));
			for (const stranger of [true, false]) {
				const { status, stdout, stderr } = machine.build("doctor");
				assert.equal(status, 0, stderr);
				assert.equal(stdout, "Node.js 24.1.0 runs build/node/commands/doctor.js\n");
				assert.equal(isBrought.test(stderr), stranger);
			}
			assert.equal(machine.calls("npm").length, 2); // Node.js, and the packages
		});

	test("where there is none root gets Debian's, and where that is old npm brings another", (t) => {
		for (const [debian, runs] of [
			["20.19.0", "20.19.0"],
			["18.20.4", "24.1.0"],
		] as const) {
			const machine = new Machine(t).hasApt(nodeScript(debian), nodeScript("24.1.0"));
			const { status, stdout, stderr } = machine.build("doctor");
			assert.equal(status, 0, stderr);
			assert.deepEqual(machine.calls("apt-get"), ["apt-get install -y --no-install-recommends nodejs npm"]);
			assert.equal(stdout, `Node.js ${runs} runs build/node/commands/doctor.js\n`);
		}
	});

	test("README, package.json and the doctor name the same version", async () => {
		const least = /^node_least=([\d.]+) /m.exec(readFileSync("build.sh", "utf8"))?.[1] ?? "";
		assert.match(least, /^\d+\.\d+$/);
		assert.ok(readFileSync("README.md", "utf8").includes(`With Node.js ${least} or newer, `));
		for (const file of ["package.json", "package-lock.json"]) {
			const { engines, packages } = JSON.parse(readFileSync(file, "utf8"));
			assert.equal((engines ?? packages[""].engines).node, `>=${least}`, file);
		}
		const { stdout } = await command("doctor");
		assert.match(stdout, new RegExp(`^ {2}ok +Node\\.js +v[\\d.]+.* \\(>=${least.replace(".", "\\.")}\\)$`, "m"));
	});

	test("what is called node and is none counts as missing", (t) => {
		for (const script of ["echo LinBPQ", "echo v", "exit 127", "kill -SEGV $$"]) {
			const { status, stdout } = new Machine(t).has("node", script).hasNPM(nodeScript("24.1.0")).build("doctor");
			assert.equal(status, 0);
			assert.match(stdout, /^Node\.js 24\.1\.0 runs/);
		}
	});

	const advice =
		/^ {2}Install Node\.js 20\.13 or newer: .*\n {2}On Debian or Ubuntu: sudo apt-get install nodejs npm; .*\n$/m;
	const cases: Record<string, [(machine: Machine) => Machine, says: RegExp]> = {
		"none, and no npm": [(machine) => machine, /^build\.sh: Node\.js is missing\.\n/],
		"an old one without npm": [(machine) => machine.hasNode("18.20.4"), /^build\.sh: Node\.js 18\.20\.4 is too old/],
		"an old one whose npm brings none": [
			(machine) => machine.hasNode("18.20.4").hasNPM(),
			/^build\.sh: Node\.js 18\.20\.4 is too old/m,
		],
		"an old one whose npm brings what does not run here": [
			(machine) => machine.hasNode("18.20.4").hasNPM("exit 127"),
			/^build\.sh: Node\.js 18\.20\.4 is too old/m,
		],
		"a processor that npm has none for": [
			(machine) => machine.hasNode("18.20.4").hasNPM(nodeScript("24.1.0")).has("uname", "echo riscv64"),
			/^build\.sh: Node\.js 18\.20\.4 is too old/m,
		],
	};
	for (const [what, [prepare, says]] of Object.entries(cases))
		test(`${what}: it is said what to do`, (t) => {
			const { status, stderr } = prepare(new Machine(t)).build("doctor");
			assert.equal(status, 1);
			assert.match(stderr, says);
			assert.match(stderr, advice);
		});
});

suite("packages", () => {
	test("they are fetched once: after that there is no need of npm, nor of a network", (t) => {
		const machine = new Machine(t).hasNode("22.1.0").hasNPM();
		assert.equal(machine.build("doctor").status, 0);
		assert.equal(machine.calls("npm").length, 1);
		machine.has("npm", "exit 1");
		for (const command of ["doctor", "configure", "build"]) assert.equal(machine.build(command).status, 0);
		assert.equal(machine.calls("npm").length, 1);
	});

	test("a lock file with other packages, or another machine, wants them anew", (t) => {
		const machine = new Machine(t).hasNode("22.1.0").hasNPM();
		machine.build("doctor");
		machine.writes("package-lock.json", "{}");
		machine.build("doctor");
		machine.has("uname", "echo Linux aarch64");
		machine.build("doctor");
		assert.equal(machine.calls("npm").length, 3);
	});

	test("root gets Debian's npm where it is missing, others are told", (t) => {
		const user = new Machine(t).hasNode("22.1.0").build("doctor");
		assert.equal(user.status, 1);
		assert.equal(
			user.stderr,
			"build.sh: npm is missing.\n  It comes with Node.js; on Debian: sudo apt-get install npm\n",
		);
		const root = new Machine(t).hasNode("22.1.0").hasApt(nodeScript("18.20.4"), "exit 1");
		assert.equal(root.build("doctor").status, 0);
		assert.deepEqual(root.calls("apt-get"), ["apt-get install -y --no-install-recommends npm"]);
	});

	test("what npm has left out without a word is found out at once", (t) => {
		const machine = new Machine(t).has("node", "case $1 in --version) echo v22.1.0 ;; *) exit 1 ;; esac").hasNPM();
		const { status, stderr } = machine.build("doctor");
		assert.equal(status, 1);
		assert.match(stderr, /^build\.sh: npm has not brought all: TypeScript does not run here\.\n {2}Try again: /m);
	});

	test("a disk without the room for them is told before they are fetched", (t) => {
		const machine = new Machine(t).hasNode("22.1.0").hasNPM().has("df", "echo /dev/sda1 1000 988 12 99% /");
		const { status, stderr } = machine.build("doctor");
		assert.equal(status, 1);
		assert.equal(stderr, "build.sh: The disk is full: 12 MB are left, and 250 MB are needed.\n  Make room on it.\n");
		assert.deepEqual(machine.calls("npm"), []);
	});
});

suite("why npm fails is said in a sentence, not in npm's words", () => {
	const denied = (path: string) => `npm error code EACCES
npm error syscall mkdir
npm error path ${path}
npm error errno -13
npm error Error: EACCES: permission denied, mkdir '${path}'
npm error     at async mkdir (node:internal/fs/promises:860:10)`;
	const network = /npm ci failed\. The network cannot be reached\.\n {2}It is needed once/;
	const cases: Record<string, [words: string, says: RegExp]> = {
		"no name server": ["npm error code EAI_AGAIN\nnpm error request to http://x failed, reason: EAI_AGAIN", network],
		"no such server": ["npm ERR! code ENOTFOUND\nnpm ERR! network getaddrinfo ENOTFOUND", network],
		"nobody listens": ["npm error code ECONNREFUSED\nnpm error errno ECONNREFUSED", network],
		"no way": ["npm error code ENETUNREACH", network],
		"a full disk": [
			"npm error code ENOSPC\nnpm error nospc no space left",
			/npm ci failed\. The disk is full\.\n {2}Make room: /,
		],
		"a quota": ["npm error EDQUOT: disk quota exceeded, write", /The disk is full\./],
		"a folder of root's": [
			denied("/home/ada/it's mine/.npm"),
			/npm ci failed\. \/home\/ada\/it's mine\/\.npm may not be written\.\n/,
		],
		"a folder of root's, in the words of an older npm": [
			denied("/home/ada/.npm").replaceAll("npm error", "npm ERR!"),
			/npm ci failed\. \/home\/ada\/\.npm may not be written\.\n/,
		],
		"a read-only file system": [
			"npm error EROFS: read-only file system, mkdir '/app/node_modules'",
			/\/app\/node_modules may not/,
		],
		"a proxy with a certificate of its own": ["npm error code SELF_SIGNED_CERT_IN_CHAIN", /NODE_EXTRA_CA_CERTS=FILE/],
		"another package": ["npm error code EINTEGRITY", /A package is not the one whose checksum is in the lock file\./],
	};
	for (const [what, [words, says]] of Object.entries(cases))
		test(what, (t) => {
			const machine = new Machine(t).hasNode("22.1.0").has("npm", `cat >&2 <<'END'\n${words}\nEND\nexit 1`);
			const { status, stderr } = machine.build("doctor");
			assert.equal(status, 1);
			assert.match(stderr, says);
			assert.doesNotMatch(stderr, /npm (error|ERR!)|\bat async\b/);
			assert.equal(stderr.trimEnd().split("\n").length, 3, stderr); // what is done, why that fails, what to do
		});

	test("what nobody knows is shown", (t) => {
		const machine = new Machine(t).hasNode("22.1.0").has("npm", "echo 'npm error strange' >&2; exit 1");
		assert.match(
			machine.build("doctor").stderr,
			/^npm error strange\nbuild\.sh: npm ci failed\. What it said is above\.$/m,
		);
	});
});

suite("the project's folder", () => {
	for (const name of ["my app (1)", "it's", "a&b", "$HOME", "a:b", "100%", "#1", "`x`", "-n", "{a}", "a\nb", " é "])
		test(`${JSON.stringify(name)} will do`, (t) => {
			const machine = new Machine(t, name).hasNode("18.1.0").hasNPM(nodeScript("24.1.0"));
			const { status, stdout, stderr } = machine.build("doctor");
			assert.equal(status, 0, stderr);
			assert.match(stdout, /^Node\.js 24\.1\.0 runs/);
			assert.deepEqual(machine.beside, ["log", name, "programs", "store"].sort());
		});

	for (const name of ["a\\b", "a*b", "*"])
		test(`${name} will not, which is said before anything is written`, (t) => {
			const machine = new Machine(t, name).hasNode("22.1.0").hasNPM();
			const { status, stderr } = machine.build("doctor");
			assert.equal(status, 1);
			const says = "build.sh: The project cannot work in a folder with a backslash or an asterisk in its name: ";
			assert.equal(stderr, `${says}${machine.project}\n  Move it.\n`);
			assert.deepEqual(machine.calls("npm"), []);
		});

	test("one that may not be written is told, and so is what another user has built in it", (t) => {
		for (const path of [".", "build", "build/node", "node_modules"]) {
			const machine = new Machine(t).hasNode("22.1.0").hasNPM();
			machine.mayNotWrite(path);
			const { status, stderr } = machine.build("doctor");
			assert.equal(status, 1);
			assert.match(
				stderr,
				/ may not be written: it is another user's, such as root's, or read-only\.\n {2}Take it over/,
			);
			assert.deepEqual(machine.calls("npm"), []);
		}
	});

	test("is the one of build.sh, whatever CDPATH says", (t) => {
		const machine = new Machine(t).hasNode("22.1.0").hasNPM();
		const { status, stdout } = machine.build("help", { CDPATH: "/" });
		assert.equal(status, 0);
		assert.match(stdout, /^\.\/build\.sh /);
	});
});
