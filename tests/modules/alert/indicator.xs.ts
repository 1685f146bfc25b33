import { Indicator, type Signal } from "alert/indicator";
import { equal, test } from "harness";
import Timer from "timer";

/** Resolves after a time, in which timers run. */
const after = (delayMs: number): Promise<void> => new Promise((resolve) => void Timer.set(() => resolve(), delayMs));

/** An LED that remembers; `#` for a tenth of a second lit, `.` for one dark. */
class Lamp {
	lit = 0;

	write(value: number): void {
		this.lit = value;
	}

	async film(tenths: number): Promise<string> {
		let film = "";
		for (let i = 0; i < tenths; i++) {
			await after(50);
			film += this.lit ? "#" : ".";
			await after(50);
		}
		return film;
	}
}

const film = async (signal: Signal, tenths: number): Promise<string> => {
	const lamp = new Lamp();
	const indicator = new Indicator(lamp);
	indicator.show(signal);
	const result = await lamp.film(tenths);
	indicator.close();
	equal(lamp.lit, 0);
	return result;
};

test("waiting is a flash every second", async () => {
	equal(await film("waiting", 30), "#.........".repeat(3));
});

test("sending is a quick blinking that goes on", async () => {
	equal(await film("sending", 100), "#.".repeat(50));
});

test("sent is two seconds of light, then dark", async () => {
	equal(await film("sent", 40), "#".repeat(20) + ".".repeat(20));
});

test("failed is five long flashes, then dark", async () => {
	equal(await film("failed", 60), "######..".repeat(5) + ".".repeat(20));
});

test("a wrong configuration is three flashes that go on", async () => {
	equal(await film("misconfigured", 30), "#.#.#.....".repeat(3));
});

test("given up is two flashes every two seconds", async () => {
	equal(await film("undelivered", 40), "#.#.................".repeat(2));
});

test("what lasts is seen when nothing else is, and ends no signal that ends by itself", async () => {
	const lamp = new Lamp();
	const indicator = new Indicator(lamp);
	indicator.underlie("waiting");
	equal(await lamp.film(20), "#.........".repeat(2));
	indicator.show("sent");
	indicator.underlie("undelivered");
	equal(await lamp.film(40), `${"#".repeat(20)}.#.#................`);
	indicator.show("sending");
	equal(await lamp.film(4), "#.#.");
	indicator.underlie("waiting");
	equal(await lamp.film(10), "#.........");
	indicator.underlie("waiting"); // which is seen already
	equal(await lamp.film(10), "#.........");
	indicator.show("failed");
	indicator.underlie(undefined);
	equal(await lamp.film(50), "######..".repeat(5) + ".".repeat(10));
	indicator.underlie("waiting");
	equal(await lamp.film(10), "#.........");
	indicator.underlie(undefined);
	equal(await lamp.film(10), "..........");
	indicator.close();
});

test("a new signal ends the one before, and may come after one that has ended", async () => {
	const lamp = new Lamp();
	const indicator = new Indicator(lamp);
	equal(await lamp.film(3), "...");
	indicator.show("sending");
	equal(await lamp.film(4), "#.#.");
	indicator.show("sent");
	equal(await lamp.film(25), `${"#".repeat(20)}.....`);
	indicator.show("failed");
	equal(await lamp.film(8), "######..");
	indicator.close();
});

test("a board without an LED shows nothing, and that is no error", () => {
	const indicator = new Indicator(undefined);
	indicator.show("sending");
	indicator.underlie("waiting");
	indicator.close();
});
