/** As in the SDK's typings, of which npm has an older version. */
declare module "crypt" {
	export class Digest {
		constructor(type: "SHA256" | "SHA384" | "SHA512");
		write(message: string | ArrayBuffer): void;
		close(): ArrayBuffer;
	}
}
