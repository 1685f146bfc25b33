import { run } from "send/composed";
import Timer from "timer";

// In a callback, as on a device, and not in the module's body, which holds a part of the stack.
Timer.set(run);
