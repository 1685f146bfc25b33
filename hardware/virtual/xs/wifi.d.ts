/** ECMA-419's Wi-Fi, which the SDK's own typings have and npm's do not. */
declare module "embedded:network/interface/wifi" {
	export default class WiFi {
		constructor(options: { onChanged?(property: "connection" | "address"): void });
		/** 200 disconnected, 300 connecting, 400 associated, 500 associated and with an address. */
		readonly connection: number;
		readonly address: string | undefined;
		readonly MAC: string | undefined;
		readonly SSID: string | undefined;
		/** Signal strength in dBm. */
		readonly RSSI: number | undefined;
		connect(options: { SSID: string; password?: string }): void;
		disconnect(): void;
		close(): void;
	}
}
