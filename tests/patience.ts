/**
 * How long something may take before it counts as hung, in milliseconds. It is no measure of speed: a busy machine takes ten
 * times as long as an idle one, and a test that passes never waits for it.
 */
export const PATIENCE_MS = 60 * 60_000;

/** A test that hangs must end. */
export const patience = { timeout: PATIENCE_MS };
