/* embedded:network/interface/wifi, as the SDK's modules/io/wifi/esp */
class WiFi @ "xs_wifi_destructor" {
	constructor(dictionary) @ "xs_wifi_constructor";
	close() @ "xs_wifi_close";
	scan(dictionary) @ "xs_wifi_scan";
	connect(dictionary) @ "xs_wifi_connect";
	disconnect() @ "xs_wifi_disconnect";
	configure(dictionary) @ "xs_wifi_configure";
	get connection() @ "xs_wifi_connection_get";
	get address() @ "xs_wifi_address_get";
	get MAC() @ "xs_wifi_MAC_get";
	get SSID() @ "xs_wifi_SSID_get";
	get BSSID() @ "xs_wifi_BSSID_get";
	get RSSI() @ "xs_wifi_RSSI_get";
	get channel() @ "xs_wifi_channel_get";
}

export default WiFi;
