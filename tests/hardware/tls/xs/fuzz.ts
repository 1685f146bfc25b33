import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";
import type { Scenario } from "./main";

/** Connects as many times as the scenario wants, one after the other, and tells how each connection ended. */
export const attempt = (scenario: Scenario, tls: object, tell: (event: string, details?: object) => void): void => {
	const { host, port, times = 1 } = scenario;
	let isSecure = false;
	let received = 0;
	const next = (message?: string | null): void => {
		tell("connection", { isSecure, received, message });
		if (times > 1) attempt({ ...scenario, times: times - 1 }, tls, tell);
		else tell("done");
	};
	new TLSSocket({
		...tls,
		host,
		port,
		address: "127.0.0.1",
		TCP: { io: TCP },
		onWritable() {
			isSecure = true;
		},
		onReadable(count) {
			this.read();
			received += count;
			this.close();
			next();
		},
		/** A TLSError says what its alert is; anything else is a mistake of ours. */
		onError: (reason) => next(reason && !("alert" in reason) ? `unexpected ${reason}` : (reason?.message ?? null)),
	});
};
