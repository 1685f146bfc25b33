import { SMTPClient } from "./client";
import type { SMTPError, SMTPRefusal } from "./error";
import type { SMTPMessage, SMTPOptions, SMTPResult } from "./types";

/**
 * Sends one message over a connection of its own: connects, introduces itself, authenticates, sends, says goodbye.
 *
 * ```ts
 * const { rejected } = await send({
 * 	host: "mail.example.net", security: "none", hostname: "[192.0.2.7]",
 * 	socket: { io: TCP }, dns: { io: Resolver },
 * 	from: "me@example.net", to: ["you@example.net"], body,
 * });
 * ```
 * @returns who was accepted and who was not, as soon as the server has taken the message
 * @throws SMTPError; where recipients were refused, `rejected` has them
 */
export const send = (options: SMTPOptions & SMTPMessage): Promise<SMTPResult> =>
	new Promise((resolve, reject) => {
		const client = new SMTPClient({
			...options,
			message: options,
			onSent(result: SMTPResult) {
				client.quit();
				resolve(result);
			},
			onRefused(error: SMTPError, rejected: readonly SMTPRefusal[]) {
				client.quit();
				error.rejected = rejected;
				reject(error);
			},
			onError: reject,
		});
	});
