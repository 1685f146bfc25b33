/** hardware/tls on the Moddable SDK: the app in xs/, built for the simulator's engine, against servers on loopback. */
import { after, before, suite, test } from "node:test";
import { arithmetic } from "./arithmetic.js";
import { attacks } from "./attacks.js";
import { Bench } from "./bench.js";
import { obstacle } from "./build.js";
import { chains } from "./chains.js";
import { deliveries } from "./deliveries.js";
import { fuzz } from "./fuzz.js";
import { protocol } from "./protocol.js";
import { random } from "./random.js";
import { refusals } from "./refusals.js";
import { streams } from "./streams.js";

const name = "TLS on the Moddable SDK";
const missing = obstacle();

// A suite that is skipped would not be counted.
if (missing) test(name, { skip: missing }, () => {});
else
	suite(name, () => {
		const bench = new Bench();
		before(() => bench.open());
		after(() => bench.close());
		deliveries(bench);
		refusals(bench);
		attacks(bench);
		chains(bench);
		protocol(bench);
		random(bench);
		arithmetic(bench);
		fuzz(bench);
		streams(bench);
	});
