import { runXS } from "../../run-xs.js";

runXS("tests/hardware/virtual/natives.xs.ts", {
	config: { nested: { value: 1 } },
	network: { connected: true, dns: { "mail.example": "127.0.0.5", "none.example": null } },
});
