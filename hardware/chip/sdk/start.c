/* NONOS's start is the firmware's own code; what it does to the radio is nothing here. So with restart, sleep, the soft
   watchdog and the analogue input: their ends are answered. */
#include <stdio.h>
#include "../soc/answers.h"
#include "../soc/devices.h"
#include "sdk.h"

enum { RTC_REASON = 0x730, REASON_SOFT_WATCHDOG = 3, REASON_EXCEPTION = 2 };
enum { CALIBRATION = RTC_TICK * 4096 / TICKS_PER_US };		/* microseconds to a tick of the RTC's, of 4096 */

static void none(Chip* chip) { answerReturn(chip, 0); }
static void one(Chip* chip) { answerReturn(chip, 1); }

/* Radio, its calibration, its clocks, its power saving. */
static const char* const nothing[] = {
	"register_chipv6_phy", "phy_disable_agc", "phy_enable_agc", "ieee80211_phy_init", "lmacInit", "wDev_Initialize",
	"pm_attach", "fpm_attach", "wDevEnableRx", "wDevDisableRx", "wDev_Set_Beacon_Int", "wDev_SetMacAddress",
	"wDev_SetRxPolicy", "pp_enable_noise_timer", "pp_disable_noise_timer", "ic_set_vif", "ic_set_sta",
	"chip_v6_set_chan_offset", "sleep_reset_analog_rtcreg_8266", "chm_set_current_channel", "ieee80211_hostap_attach",
	"pm_open_rf", "pm_set_sleep_type_from_upper", "fpm_open", "fpm_close", "fpm_do_wakeup", "fpm_rf_is_closed",
	"phy_set_most_tpw", "phy_vdd33_set_tpw", "wifi_softap_stop", "deep_sleep_set_option", "phy_afterwake_set_rfoption",
	"wifi_set_channel", "wifi_set_phy_mode", "wifi_set_sleep_type", "pp_noise_test", "chm_init", "esf_buf_setup", NULL
};
static const char* const fine[] = { "pm_is_open", "pm_is_waked", "wifi_station_set_reconnect_policy", NULL };

/* The radio's timer, which the soft watchdog uses: a function, and when it is due. */
static void setTimerFunction(Chip* chip)
{
	chip->radio->timerFunction = answerArgument(chip, 0);
	answerReturn(chip, 0);
}

static void armTimer(Chip* chip)
{
	chipSetAlarm(chip, ALARM_SOFT_WATCHDOG, chipTicks(chip) + (uint64_t)answerArgument(chip, 0) * TICKS_PER_US);
	answerReturn(chip, 0);
}

/* The radio's interrupt. */
static void interrupt(Chip* chip)
{
	Radio* radio = chip->radio;
	cpuInterrupt(&chip->cpu, INT_RADIO, false);
	answerReturn(chip, 0);
	if (radio->timerDue && radio->timerFunction) {
		radio->timerDue = false;
		GUEST_CALL(chip, radio->timerFunction, NULL, 0, 0);
	}
}

/* NONOS is about to restart the chip: after the soft watchdog, an exception, or because it was asked to. */
static void restarting(Chip* chip)
{
	uint32_t reason = chip->io[RTC_REASON / 4];
	char where[100];
	symbolText(&chip->symbols, chip->cpu.epc[1], where, sizeof(where));
	if (reason == REASON_SOFT_WATCHDOG) {
		chip->measures.watchdogBites++;
		if (!chip->faultsGoOn) {
			chipEnd(chip, END_SOFT_WATCHDOG, "soft watchdog: the event loop did not come round for 3.2 s, in %s", where);
			return;
		}
	}
	cpuPass(&chip->cpu);
}

static void restart(Chip* chip)
{
	uint32_t reason = chip->io[RTC_REASON / 4];
	if (reason == REASON_SOFT_WATCHDOG)
		chipEnd(chip, END_SOFT_WATCHDOG, "soft watchdog");
	else
		chipEnd(chip, END_RESTART, reason == REASON_EXCEPTION ? "restart after an exception" : "the firmware restarts the chip");
}

static void deepSleep(Chip* chip)
{
	chip->sleepUs = answerArgument(chip, 0);
	cpuPass(&chip->cpu);
}

static void adc(Chip* chip)
{
	answerReturn(chip, chip->adc);
}

static void calibration(Chip* chip) { answerReturn(chip, CALIBRATION); }

/* The firmware's first instruction. What a bootloader has used of the stack is none of it. */
static void firmwareStart(Chip* chip)
{
	for (uint32_t at = STACK_LIMIT; at < (chip->cpu.a[1] & ~3u); at += 4)
		chipWrite(chip, at, STACK_PAINT);
	chip->measures.lowestStack = STACK_TOP;
	cpuPass(&chip->cpu);
}

void startInit(Chip* chip)
{
	answerSymbol(chip, "call_user_start", firmwareStart);
	for (const char* const* name = nothing; *name; name++)
		answerSymbol(chip, *name, none);
	for (const char* const* name = fine; *name; name++)
		answerSymbol(chip, *name, one);
	answerSymbol(chip, "wDev_MacTim1SetFunc", setTimerFunction);
	answerSymbol(chip, "wDev_MacTim1Arm", armTimer);
	answerSymbol(chip, "wDev_ProcessFiq", interrupt);
	answerSymbol(chip, "__wrap_system_restart_local", restarting);
	answerSymbol(chip, "system_restart_core", restart);
	answerSymbol(chip, "system_deep_sleep_instant", deepSleep);
	answerSymbol(chip, "system_deep_sleep", deepSleep);
	answerSymbol(chip, "system_adc_read", adc);
	answerSymbol(chip, "pm_rtc_clock_cali_proc", calibration);
	answerSymbol(chip, "pm_rtc_clock_cali", calibration);
}
