/** A logger for tests of something else. */
import type { Logger } from "../../src/log.ts";

const nothing = () => {};

export const silentLogger: Logger = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
  enabled: () => false,
  child: () => silentLogger,
};
