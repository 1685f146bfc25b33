/** An app that is an access point with a page, as set-up pages are; and that can hang, restart and sleep when asked to. */
import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import WiFi from "wifi";

const answers = {
	hello: () => "hello from the access point\n",
	hang: () => {
		for (;;);
	},
	restart: () => System.restart(),
};

WiFi.accessPoint({ ssid: "setup" });
new Listener({
	port: 80,
	onReadable(count) {
		while (count--)
			new TCP({
				from: this.read(),
				onReadable(bytes) {
					const word = String.fromArrayBuffer(this.read(bytes)).trim();
					this.write(ArrayBuffer.fromString(answers[word]?.() ?? "what?\n"));
				},
				onError() {
					this.close();
				},
			});
	},
});
