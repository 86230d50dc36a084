import assert from "node:assert/strict";
import type { LogFields } from "../log.ts";
import { LogThrottle } from "./log_throttle.ts";

Deno.test("LogThrottle writes one line in a while, and counts the others", () => {
  const lines: (LogFields | undefined)[] = [];
  const throttle = new LogThrottle((_, fields) => lines.push(fields), 1000);
  throttle.log(0, "Busy", { n: 1 });
  throttle.log(10, "Busy", { n: 2 });
  throttle.log(999, "Busy", { n: 3 });
  throttle.log(1000, "Busy", { n: 4 });
  throttle.log(2500, "Busy", { n: 5 });
  assert.deepEqual(lines, [{ n: 1 }, { n: 4, suppressed: 2 }, { n: 5 }]);
});
