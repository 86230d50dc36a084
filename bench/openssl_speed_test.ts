import { deepStrictEqual, throws } from "node:assert/strict";
import { readSpeed } from "./openssl_speed.ts";

const REPORT = `+H:16:64
+F2:2:2048:4061.956522:61087.500000
+F4:3:256:50192.857143:16486.868687
`;

Deno.test("readSpeed() finds the signatures a second", () => {
  deepStrictEqual(readSpeed(REPORT), { rsa: 4061.956522, ecdsa: 50192.857143 });
});

Deno.test("readSpeed() rejects a report without one of them", async (t) => {
  for (
    const [name, report] of [
      ["no ECDSA", REPORT.replace(/\+F4.*/, "")],
      ["no RSA", REPORT.replace(/\+F2.*/, "")],
      ["another size", REPORT.replace(":2048:", ":1024:")],
      ["nothing signed", REPORT.replace("50192.857143", "0.000000")],
      ["empty", ""],
    ] as const
  ) {
    await t.step(name, () => {
      throws(() => readSpeed(report), SyntaxError);
    });
  }
});
