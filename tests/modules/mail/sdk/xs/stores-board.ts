import Resource from "Resource";
import { bytes } from "./bytes";
import { FakeECMA419File, FakeFile } from "./fake-files";
import { FakeFlash } from "./fake-flash";
import type { Stores } from "./mail";

/** The virtual board has neither files nor flash. */
export default (): Omit<Stores, "preferences"> => ({
	resource: new Resource("photo.bin"),
	file: new FakeFile(bytes()),
	newFile: new FakeECMA419File(bytes()),
	flash: new FakeFlash(bytes()),
});
