/** What a program on the virtual board can ask of the desk; no device has it. */
declare module "virtual/desk" {
	class Desk {
		/**
		 * Fills a buffer from the board's input, as far as there is something; waits if there is nothing yet.
		 * @returns how many bytes; 0 at the end of the input
		 */
		static read(buffer: Uint8Array | ArrayBuffer): number;
		/**
		 * Fills a buffer from one of the board's files, as far as there is something.
		 * @param file its index @param position in bytes, below 2 GB
		 * @returns how many bytes; 0 at the end of the file
		 */
		static read(buffer: Uint8Array | ArrayBuffer, file: number, position: number): number;
		/** Hands a text to the desk: the board's event "report". */
		static report(text: string): void;
		/** Collects garbage, keeps the present figures as idle, begins new peaks. */
		static mark(): void;
		/** Ends the run. @param code 0 to 49; default: 0 */
		static exit(code?: number): never;
	}
	export default Desk;
}
