/** What a debug firmware says on the serial line, and what is said to it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SerialDebugger } from "../../commands/chip/debugger.js";

function hear(...lines: string[]): { said: string[]; sent: string } {
	let sent = "";
	const monitor = new SerialDebugger((bytes) => {
		sent += Buffer.from(bytes).toString();
	});
	return { said: lines.flatMap((line) => monitor.take(line)), sent };
}

test("at its login it is told to go", () => {
	const { said, sent } = hear("<?xs-00000000?>", "<?xs.3FFF79E4?>", '<xsbug><login name="main" value="XS"/></xsbug>');
	assert.deepEqual(said, []);
	assert.equal(sent, "\r\n<?xs.3FFF79E4?>\r\n<go/>\r\n");
});

test("what it traces is shown, and what it measures is not", () => {
	const traced = "<xsbug><log>alert 3f.7: sent&#10;a &lt;b&gt; &amp; &quot;c&quot;&#10;</log></xsbug>";
	const { said } = hear("<?xs.3FFF79E4?>", traced, "<?xs.3FFF79E4?>", "<xsbug><samples>0,1,2</samples></xsbug>");
	assert.deepEqual(said, ["alert 3f.7: sent", 'a <b> & "c"']);
});

test("where it breaks that is shown, and it goes on", () => {
	const { said, sent } = hear("<?xs.3FFF79E4?>", '<xsbug><break path="main" line="7">main: what?</break></xsbug>');
	assert.deepEqual(said, ["main: what?"]);
	assert.match(sent, /<go\/>/);
});

test("what is no debugger's talk is shown as it stands", () => {
	assert.deepEqual(hear("2nd boot version : 1.7(5d6f877)").said, ["2nd boot version : 1.7(5d6f877)"]);
});
