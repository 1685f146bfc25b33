import Resource from "Resource";
import { File } from "file";
import Flash from "flash";
import type { Stores } from "./mail";

/** The ESP8266 has no files of ECMA-419. */
export default (): Omit<Stores, "preferences"> => ({
	resource: new Resource("photo.bin"),
	file: new File("/photo.bin"),
	flash: new Flash("storage"),
});
