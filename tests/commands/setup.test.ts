/** What build.sh brings before a command can run, on machines of all kinds. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Machine, nodeScript } from "./machine.js";

const isBrought = /^Fetching Node\.js for this project, once$/m;

suite("Node.js", () => {
	for (const version of ["20.0.0", "22.11.0", "24.0.1", "100.1.0"])
		test(`${version} is new enough`, (t) => {
			const machine = new Machine(t).hasNode(version).hasNPM(nodeScript("24.1.0"));
			const { status, stdout, stderr } = machine.build("doctor");
			assert.equal(status, 0, stderr);
			assert.equal(stdout, `Node.js ${version} runs build/node/commands/doctor.js\n`);
			assert.doesNotMatch(stderr, isBrought);
		});

	for (const version of ["19.9.0", "18.20.4", "9.0.0"])
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

	test("what is called node and is none counts as missing", (t) => {
		for (const script of ["echo LinBPQ", "echo v", "exit 127", "kill -SEGV $$"]) {
			const { status, stdout } = new Machine(t).has("node", script).hasNPM(nodeScript("24.1.0")).build("doctor");
			assert.equal(status, 0);
			assert.match(stdout, /^Node\.js 24\.1\.0 runs/);
		}
	});

	const advice =
		/^ {2}Install Node\.js 20 or newer: .*\n {2}On Debian or Ubuntu: sudo apt-get install nodejs npm; .*\n$/m;
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
