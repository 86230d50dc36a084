import { deepStrictEqual, throws } from "node:assert/strict";
import { readJunit } from "./junit.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="4" failures="1" errors="0" time="0.011">
    <testsuite name="./a_test.ts" tests="4" disabled="1" errors="0" failures="1">
        <testcase name="one &amp; &lt;two&gt;" classname="./a_test.ts" time="0.003" line="7" col="6">
        </testcase>
        <testcase name="gone (skipped: no cargo)" classname="./a_test.ts" time="0.000" line="8" col="6">
            <skipped/>
        </testcase>
        <testcase name="bad" classname="./a_test.ts" time="0.001" line="9" col="6">
            <failure message="Uncaught Error: no">Error: &lt;skipped/&gt;</failure>
        </testcase>
        <testcase name="one &amp; &lt;two&gt; &gt; step" classname="./a_test.ts" time="0.000" line="7" col="49">
        </testcase>
    </testsuite>
</testsuites>
`;

Deno.test("readJunit() tells passed, failed and skipped tests and steps apart", () => {
  deepStrictEqual(readJunit(REPORT), [
    { name: "one & <two>", file: "./a_test.ts", outcome: "passed" },
    { name: "gone (skipped: no cargo)", file: "./a_test.ts", outcome: "skipped" },
    { name: "bad", file: "./a_test.ts", outcome: "failed" },
    { name: "one & <two> > step", file: "./a_test.ts", outcome: "passed" },
  ]);
});

Deno.test("readJunit() rejects what is no complete report", async (t) => {
  for (
    const [name, text] of [
      ["empty", ""],
      ["cut off", REPORT.slice(0, -40)],
      ["one test fewer than announced", REPORT.replace('tests="4"', 'tests="5"')],
    ] as const
  ) {
    await t.step(name, () => {
      throws(() => readJunit(text), SyntaxError);
    });
  }
});
