import Resource from "Resource";
import * as storage from "embedded:storage/files";
import { File } from "file";
import { bytes } from "./bytes";
import { FakeFlash } from "./fake-flash";
import type { Stores } from "./mail";

/** The root directory, of which the SDK's typings say nothing. */
const { default: files } = storage as unknown as { default: storage.Directory };

/** The simulator has no flash. */
export default (): Omit<Stores, "preferences"> => ({
	resource: new Resource("photo.bin"),
	file: new File("photo.bin"),
	newFile: files.openFile({ path: "photo.bin" }),
	flash: new FakeFlash(bytes()),
});
