import Resource from "Resource";
import UDP from "embedded:io/socket/udp";
import { deepEqual, equal, ok, test, throws } from "harness";
import Instrumentation from "instrumentation";
import config from "mc/config";
import Net from "net";
import Preference from "preference";
import Time from "time";
import Timer from "timer";

const pause = (milliseconds: number) => new Promise<void>((done) => void Timer.set(() => done(), milliseconds));

test("a timer is due in time, once or again and again", async () => {
	const due: string[] = [];
	const start = Time.ticks;
	const log = (name: string) => due.push(`${name} ${Time.delta(start)}`);
	Timer.set(() => log("once"), 50);
	const repeating = Timer.repeat(() => log("again"), 20);
	Timer.set(() => log("late"), 30, 40);
	await pause(71);
	Timer.clear(repeating);
	await pause(50);
	deepEqual(due, ["again 20", "late 30", "again 40", "once 50", "again 60", "late 70", "late 110"]);
});

test("a timer can be cleared, also twice and in its own callback", async () => {
	let calls = 0;
	const timer = Timer.set(() => calls++, 5);
	Timer.clear(timer);
	Timer.clear(timer);
	Timer.clear(undefined);
	const own = Timer.repeat((timer) => {
		calls += 10;
		Timer.clear(timer);
	}, 5);
	await pause(50);
	equal(calls, 10);
	Timer.clear(own);
	throws(() => Timer.schedule(timer, 1));
});

test("a timer can be scheduled anew, or not at all for the time being", async () => {
	let calls = 0;
	const timer = Timer.repeat(() => calls++, 10);
	Timer.schedule(timer);
	await pause(50);
	equal(calls, 0);
	Timer.schedule(timer, 5, 10);
	await pause(26);
	equal(calls, 3);
	Timer.clear(timer);
});

test("the clock shows 1995 until it is set, and UTC until a timezone is", () => {
	equal(new Date().getUTCFullYear(), 1995);
	Time.set(1_700_000_000);
	equal(Math.floor(Date.now() / 1000), 1_700_000_000);
	const date = new Date(Date.UTC(2024, 1, 29, 23, 30));
	equal(date.getHours(), 23);
	Time.timezone = 3600;
	Time.dst = 3600;
	equal(date.getTimezoneOffset(), -120);
	equal(`${date.getDate()} ${date.getHours()}`, "1 1");
	equal(new Date(2024, 2, 1, 1, 30).getTime(), date.getTime());
	Time.timezone = Time.dst = 0;
});

test("preferences keep booleans, integers, strings and buffers", () => {
	Preference.set("a", "boolean", true);
	Preference.set("a", "integer", -70000);
	Preference.set("a", "string", "grün");
	Preference.set("a", "buffer", Uint8Array.of(1, 0, 255).buffer);
	Preference.set("b", "boolean", false);
	equal(Preference.get("a", "boolean"), true);
	equal(Preference.get("a", "integer"), -70000);
	equal(Preference.get("a", "string"), "grün");
	deepEqual(Preference.get("a", "buffer"), Uint8Array.of(1, 0, 255).buffer);
	equal(Preference.get("b", "boolean"), false);
	equal(Preference.get("b", "integer"), undefined);
	deepEqual(Preference.keys("a"), ["boolean", "integer", "string", "buffer"]);
	Preference.delete("a", "integer");
	Preference.delete("a", "none");
	deepEqual(Preference.keys("a"), ["boolean", "string", "buffer"]);
});

test("preferences have the chip's limits", () => {
	Preference.set("d", "k", "x".repeat(62));
	equal((Preference.get("d", "k") as string).length, 62);
	throws(() => Preference.set("d", "k", "x".repeat(63)), "can't save prefs");
	equal((Preference.get("d", "k") as string).length, 62, "a value that is too long changes nothing");
	throws(() => Preference.set("d".repeat(32), "k", 1), "too long");
	throws(() => Preference.set("d", "k".repeat(32), 1), "too long");
	Preference.set("d".repeat(31), "k".repeat(31), "x".repeat(62));
	throws(() => Preference.set("d".repeat(31), "k".repeat(31), new ArrayBuffer(62)), "can't save prefs");
	throws(() => Preference.set("d", "k", 1.5), "float unsupported");
	throws(() => Preference.set("d", "k", {} as unknown as string), "unsupported type");
});

test("preferences fill one sector of flash", () => {
	let written = 0;
	throws(() => {
		for (;;) Preference.set("fill", `key ${written++}`, "x".repeat(62));
	}, "can't save prefs");
	ok(written > 40 && written < 60, String(written));
	for (const key of Preference.keys("fill")) Preference.delete("fill", key);
	Preference.set("fill", "again", 1);
});

test("names are resolved one after the other", async () => {
	const answers: string[] = [];
	await new Promise<void>((done) => {
		Net.resolve("mail.example", (name, address) => answers.push(`${name} ${address}`));
		Net.resolve("none.example", (name, address) => answers.push(`${name} ${address}`));
		System.resolve("127.0.0.9", (name: string, address: string | undefined) => {
			answers.push(`${name} ${address}`);
			done();
		});
	});
	deepEqual(answers, ["mail.example 127.0.0.5", "none.example undefined", "127.0.0.9 127.0.0.9"]);
});

test("net tells what the interface knows", () => {
	equal(Net.get("IP"), "192.0.2.2");
	equal(Net.get("MAC"), "5C:CF:7F:00:00:02");
	equal(Net.get("RSSI"), -61);
	deepEqual(Net.get("DNS"), ["192.0.2.1"]);
});

test("the desk answers SNTP", async () => {
	const packet = await new Promise<ArrayBuffer & { port: number; address: string }>((done) => {
		const udp = new UDP({
			onReadable(count) {
				equal(count, 1);
				done(udp.read() as never);
				equal(udp.read(), undefined);
				udp.close();
			},
		}) as unknown as { read(): unknown; write(data: unknown, address: string, port: number): void; close(): void };
		udp.write(
			Uint8Array.from({ length: 48 }, (_, i) => (i ? i : 0x23)),
			"192.0.2.123",
			123,
		);
	});
	equal(`${packet.address}:${packet.port}`, "192.0.2.123:123");
	const view = new DataView(packet);
	equal(view.getUint8(0), 0x24);
	deepEqual(packet.slice(24, 32), Uint8Array.of(40, 41, 42, 43, 44, 45, 46, 47).buffer);
	equal(view.getUint32(40) - 2_208_988_800 > 1_700_000_000, true);
});

test("instrumentation counts", async () => {
	const get = (name: Parameters<typeof Instrumentation.map>[0]) => Instrumentation.get(Instrumentation.map(name));
	const timers = get("Timers") as number;
	const timer = Timer.set(() => {}, 1000);
	equal(get("Timers"), timers + 1);
	Timer.clear(timer);
	equal(get("Timers"), timers);
	ok((get("XS Slot Heap Used") as number) > 0);
	equal(typeof get("System Free Memory"), "number");
	equal(Instrumentation.name(Instrumentation.map("XS Keys Used")), "XS Keys Used");
	equal(Instrumentation.map("none" as "Timers"), undefined);
});

test("mc/config is the manifests' and frozen", () => {
	equal(config.nested.value, 1);
	throws(() => {
		config.nested.value = 2;
	}, TypeError);
});

interface Base64 {
	toBase64(options?: { alphabet?: unknown; omitPadding?: boolean } | null): string;
}

test("bytes become base64, as on the SDK's XS", () => {
	const bytes = (...values: number[]) => Uint8Array.from(values) as Uint8Array & Base64;
	equal(bytes().toBase64(), "");
	equal(bytes(102).toBase64(), "Zg==");
	equal(bytes(102, 111).toBase64(), "Zm8=");
	equal(bytes(102, 111, 111).toBase64(), "Zm9v");
	equal(bytes(251, 255, 190, 251).toBase64(), "+/+++w==");
	equal(bytes(251, 255, 190, 251).toBase64({ alphabet: "base64url", omitPadding: true }), "-_--" + "-w");
	equal((bytes(1, 2, 102, 111, 111, 3).subarray(2, 5) as Uint8Array & Base64).toBase64(undefined), "Zm9v");
	throws(() => bytes(1).toBase64({ alphabet: "base32" }));
	throws(() => bytes(1).toBase64(null));
	const { toBase64 } = bytes();
	throws(() => toBase64.call(new Int8Array(1)));
	throws(() => toBase64.call([1]));
});

test("a resource is a file's bytes, in flash", () => {
	ok(Resource.exists("three.bin"));
	ok(!Resource.exists("four.bin"));
	throws(() => new Resource("four.bin"));
	const resource = new Resource("three.bin");
	equal(resource.byteLength, 3);
	deepEqual([...new Uint8Array(resource as unknown as ArrayBuffer)], [49, 50, 51]);
	deepEqual([...new Uint8Array(resource.slice(1))], [50, 51]);
	deepEqual([...new Uint8Array(resource.slice(-1, 2))], [49, 50]);
});
