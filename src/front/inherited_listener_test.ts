import assert from "node:assert/strict";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { inheritedListener } from "./inherited_listener.ts";

interface Case {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly listens?: boolean | Error;
  readonly wanted: number | undefined | RegExp;
}

const CASES: readonly Case[] = [
  { name: "no variables", variables: {}, wanted: undefined },
  { name: "no sockets", variables: { LISTEN_FDS: "0", LISTEN_PID: "7" }, wanted: undefined },
  { name: "one socket", variables: { LISTEN_FDS: "1", LISTEN_PID: "7" }, wanted: 3 },
  {
    name: "another process",
    variables: { LISTEN_FDS: "1", LISTEN_PID: "8" },
    wanted: undefined,
  },
  { name: "no process", variables: { LISTEN_FDS: "1" }, wanted: undefined },
  {
    name: "two sockets",
    variables: { LISTEN_FDS: "2", LISTEN_PID: "7" },
    wanted: /LISTEN_FDS is 2, wanted 0 or 1/,
  },
  {
    name: "no number",
    variables: { LISTEN_FDS: "one", LISTEN_PID: "7" },
    wanted: /LISTEN_FDS is one/,
  },
  {
    name: "another kind of socket",
    variables: { LISTEN_FDS: "1", LISTEN_PID: "7" },
    listens: false,
    wanted: /descriptor 3: another socket, wanted a listening Unix stream socket/,
  },
  {
    name: "no descriptor",
    variables: { LISTEN_FDS: "1", LISTEN_PID: "7" },
    listens: new Error("getsockopt() failed: EBADF"),
    wanted: /descriptor 3: getsockopt\(\) failed: EBADF, wanted a listening/,
  },
];

Deno.test("inheritedListener() takes descriptor 3 only if it is meant and fits", async (t) => {
  for (const { name, variables, listens = true, wanted } of CASES) {
    await t.step(name, () => {
      const environment = new Map(Object.entries({ ...variables, LISTEN_FDNAMES: "x", HOME: "/" }));
      const take = () =>
        inheritedListener({
          calls: {
            isUnixStreamListener(fd) {
              assert.equal(fd, 3);
              if (listens instanceof Error) throw listens;
              return listens;
            },
          },
          environment,
          pid: 7,
          log: recordingLogger(),
        });
      if (wanted instanceof RegExp) assert.throws(take, wanted);
      else assert.equal(take(), wanted);
      assert.deepEqual([...environment.keys()], ["HOME"]);
    });
  }
});

Deno.test("inheritedListener() says when sockets are meant for another process", () => {
  const log = recordingLogger();
  inheritedListener({
    calls: { isUnixStreamListener: () => true },
    environment: new Map([["LISTEN_FDS", "1"], ["LISTEN_PID", "8"]]),
    pid: 7,
    log,
  });
  assert.deepEqual(log.lines.map(({ level }) => level), ["warn"]);
});
