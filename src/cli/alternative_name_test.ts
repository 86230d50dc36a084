import { deepEqual, throws } from "node:assert/strict";
import { parseAlternativeName } from "./alternative_name.ts";

Deno.test("parseAlternativeName() tells addresses from names", async (t) => {
  const rows = [
    ["gateway.example", "dns"],
    ["*.example", "dns"],
    ["xn--bcher-kva.example", "dns"],
    ["1.2.3", "dns"],
    ["256.0.0.1", "dns"],
    ["192.0.2.1", "ip"],
    ["2001:db8::1", "ip"],
  ] as const;
  for (const [value, kind] of rows) {
    await t.step(value, () => deepEqual(parseAlternativeName(value), { kind, value }));
  }
});

Deno.test("parseAlternativeName() refuses what IA5String cannot hold", async (t) => {
  for (const value of ["", "bücher.example", "a b", "a\n"]) {
    await t.step(JSON.stringify(value), () => {
      throws(() => parseAlternativeName(value), RangeError);
    });
  }
});
