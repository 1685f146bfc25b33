/** An app that is an access point with a page, as set-up pages are; and that can hang, restart and sleep when asked to. */
import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import WiFi from "wifi";

/** What it does when a word comes in, and says to it. */
function answer(word: string): string {
	if (word === "hang") for (;;);
	if (word === "restart") System.restart();
	return word === "hello" ? "hello from the access point\n" : "what?\n";
}

WiFi.accessPoint({ ssid: "setup" });
new Listener({
	port: 80,
	onReadable(count: number) {
		while (count--) serve(this.read() as TCP);
	},
});

function serve(from: TCP): void {
	const socket = new TCP({
		from,
		onReadable(bytes: number) {
			const word = String.fromArrayBuffer(socket.read(bytes) as ArrayBuffer).trim();
			socket.write(ArrayBuffer.fromString(answer(word)));
		},
		onError() {
			socket.close();
		},
	} as never);
}
