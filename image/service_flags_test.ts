import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { serviceFlags } from "./service_flags.ts";

Deno.test("serviceFlags() are those of the task that users run", async (t) => {
  await t.step("no other programs and no code from elsewhere", () => {
    ok(!serviceFlags().some((flag) => /^(-A$|--allow-(all|run|import))/.test(flag)));
  });
  await t.step("the command line's sockets are Unix sockets", () => {
    ok(serviceFlags().includes("--deny-net=0.0.0.0/0"));
    ok(serviceFlags().includes("--deny-import"));
  });
  await t.step("a permission that is missing is an error, not a question", () => {
    ok(serviceFlags().includes("--no-prompt"));
  });
  await t.step("everything between the command and the entry", () => {
    deepStrictEqual(serviceFlags("deno run --a --b=c src/main.ts"), ["--a", "--b=c"]);
  });
});

Deno.test("serviceFlags() rejects a task of another form", async (t) => {
  for (const task of ["deno task parsec", "deno run src/other.ts", "deno run -A src/main.ts", ""]) {
    await t.step(`"${task}"`, () => {
      throws(() => serviceFlags(task), TypeError);
    });
  }
});
