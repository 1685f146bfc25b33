import { runXS } from "../../run-xs.js";

runXS("tests/hardware/virtual/harness.xs.ts");
