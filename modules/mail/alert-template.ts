/**
 * What the templates of an alert say besides its values, in one language. The values are `device`, `event`, `time`,
 * `board`, `uptime`, `memory` and `signal`.
 */
export interface AlertLabels {
	readonly language: string;
	readonly title: string;
	readonly deviceLabel: string;
	readonly timeLabel: string;
	readonly boardLabel: string;
	readonly uptimeLabel: string;
	readonly memoryLabel: string;
	readonly signalLabel: string;
	readonly footer: string;
	readonly [name: string]: string;
}

/** The mail of an alert in every language: its subject, its text and its page. */
export const alertSubject = "{{title}}: {{event}} ({{device}})";

export const alertText = `{{event}}

{{deviceLabel}}: {{device}}
{{timeLabel}}: {{time}}
{{boardLabel}}: {{board}}
{{uptimeLabel}}: {{uptime}}
{{memoryLabel}}: {{memory}}
{{signalLabel}}: {{signal}}

-- 
{{footer}}
`;

export const alertPage = `<!DOCTYPE html>
<html lang="{{language}}">
<head><meta charset="utf-8"><title>{{title}}</title></head>
<body style="margin:0;padding:24px;background:#f4f4f5;font:16px/1.5 system-ui,sans-serif;color:#18181b">
<div style="max-width:32em;margin:auto;background:#fff;border-top:6px solid #dc2626;border-radius:6px;padding:24px">
<p style="margin:0;color:#dc2626">{{title}}</p>
<h1 style="margin:0 0 16px;font-size:24px">{{event}}</h1>
<table style="border-spacing:0">
<tr><th style="text-align:left;padding-right:24px">{{deviceLabel}}</th><td>{{device}}</td></tr>
<tr><th style="text-align:left;padding-right:24px">{{timeLabel}}</th><td>{{time}}</td></tr>
<tr><th style="text-align:left;padding-right:24px">{{boardLabel}}</th><td>{{board}}</td></tr>
<tr><th style="text-align:left;padding-right:24px">{{uptimeLabel}}</th><td>{{uptime}}</td></tr>
<tr><th style="text-align:left;padding-right:24px">{{memoryLabel}}</th><td>{{memory}}</td></tr>
<tr><th style="text-align:left;padding-right:24px">{{signalLabel}}</th><td>{{signal}}</td></tr>
</table>
<p style="margin:24px 0 0;font-size:13px;color:#71717a">{{footer}}</p>
</div>
</body>
</html>
`;

export type AlertLanguage = "en" | "de" | "es" | "fr" | "zh";

export const alertLabels: Readonly<Record<AlertLanguage, AlertLabels>> = Object.freeze(
	{
		en: {
			language: "en",
			title: "Alert",
			deviceLabel: "Device",
			timeLabel: "Time",
			boardLabel: "Board",
			uptimeLabel: "Running for",
			memoryLabel: "Free memory",
			signalLabel: "Signal strength",
			footer: "Sent by the device itself. Please do not reply.",
		},
		de: {
			language: "de",
			title: "Alarm",
			deviceLabel: "Gerät",
			timeLabel: "Zeit",
			boardLabel: "Board",
			uptimeLabel: "In Betrieb seit",
			memoryLabel: "Freier Speicher",
			signalLabel: "Signalstärke",
			footer: "Vom Gerät selbst gesendet. Bitte nicht antworten.",
		},
		es: {
			language: "es",
			title: "Alerta",
			deviceLabel: "Dispositivo",
			timeLabel: "Hora",
			boardLabel: "Placa",
			uptimeLabel: "En marcha desde hace",
			memoryLabel: "Memoria libre",
			signalLabel: "Intensidad de la señal",
			footer: "Enviado por el propio dispositivo. Por favor, no responda.",
		},
		fr: {
			language: "fr",
			title: "Alerte",
			deviceLabel: "Appareil",
			timeLabel: "Heure",
			boardLabel: "Carte",
			uptimeLabel: "En marche depuis",
			memoryLabel: "Mémoire libre",
			signalLabel: "Puissance du signal",
			footer: "Envoyé par l’appareil lui-même. Merci de ne pas répondre.",
		},
		zh: {
			language: "zh",
			title: "警报",
			deviceLabel: "设备",
			timeLabel: "时间",
			boardLabel: "开发板",
			uptimeLabel: "已运行",
			memoryLabel: "可用内存",
			signalLabel: "信号强度",
			footer: "由设备自动发送，请勿回复。",
		},
	},
	true,
);
