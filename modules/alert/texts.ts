/** The words of an alert, in each language that it can speak. Labels bring their own colon and space. */
export interface Texts {
	/** What happened, where the configuration says nothing else. */
	readonly pressed: string;
	readonly device: string;
	readonly time: string;
	/** In the place of a time. */
	readonly noTime: string;
	readonly board: string;
	readonly uptime: string;
	readonly memory: string;
	readonly bytes: string;
	readonly signal: string;
	/** In front of each alert that was given up, since the last mail. */
	readonly undelivered: string;
}

export type Language = "en" | "de" | "es" | "fr" | "zh";

export const texts: Readonly<Record<Language, Texts>> = Object.freeze(
	{
		en: {
			pressed: "Button pressed",
			device: "Device: ",
			time: "Time: ",
			noTime: "unknown, the clock is not set",
			board: "Board: ",
			uptime: "Running for: ",
			memory: "Free memory: ",
			bytes: " bytes",
			signal: "Signal strength: ",
			undelivered: "Could not be sent: ",
		},
		de: {
			pressed: "Taste gedrückt",
			device: "Gerät: ",
			time: "Zeit: ",
			noTime: "unbekannt, die Uhr ist nicht gestellt",
			board: "Board: ",
			uptime: "In Betrieb seit: ",
			memory: "Freier Speicher: ",
			bytes: " Bytes",
			signal: "Signalstärke: ",
			undelivered: "Nicht zugestellt: ",
		},
		es: {
			pressed: "Botón pulsado",
			device: "Dispositivo: ",
			time: "Hora: ",
			noTime: "desconocida, el reloj no está en hora",
			board: "Placa: ",
			uptime: "En marcha desde hace: ",
			memory: "Memoria libre: ",
			bytes: " bytes",
			signal: "Intensidad de la señal: ",
			undelivered: "No se pudo enviar: ",
		},
		fr: {
			pressed: "Bouton appuyé",
			device: "Appareil : ",
			time: "Heure : ",
			noTime: "inconnue, l'horloge n'est pas à l'heure",
			board: "Carte : ",
			uptime: "En marche depuis : ",
			memory: "Mémoire libre : ",
			bytes: " octets",
			signal: "Puissance du signal : ",
			undelivered: "N'a pas pu être envoyée : ",
		},
		zh: {
			pressed: "按钮已按下",
			device: "设备：",
			time: "时间：",
			noTime: "未知，时钟尚未设置",
			board: "开发板：",
			uptime: "已运行：",
			memory: "可用内存：",
			bytes: " 字节",
			signal: "信号强度：",
			undelivered: "未能发送：",
		},
	},
	true,
);
