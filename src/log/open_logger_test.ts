import assert from "node:assert/strict";
import { LOG_LEVELS, type LogFields, type Logger } from "../log.ts";
import { type LogOptions, type OpenLogger, openLogger } from "./open_logger.ts";

const NOON = new Date("2026-11-24T12:00:00.123Z");

interface Recorded extends OpenLogger {
  readonly lines: string[];
}

function record(options: Partial<LogOptions> = {}): Recorded {
  const lines: string[] = [];
  const decoder = new TextDecoder();
  const open = openLogger({
    level: "info",
    format: "text",
    timestamp: false,
    details: false,
    now: () => NOON,
    write: (line) => lines.push(decoder.decode(line)),
    ...options,
  });
  return { ...open, lines };
}

/** A value of a type that the compiler would refuse. */
function smuggle(value: unknown): LogFields {
  return { value } as LogFields;
}

interface LineCase {
  readonly name: string;
  readonly options?: Partial<LogOptions>;
  readonly log: (logger: Logger) => void;
  readonly text: string;
  readonly json: string;
}

const JSON_START = '{"time":"2026-11-24T12:00:00.123Z",';

const LINES: readonly LineCase[] = [
  {
    name: "a message alone",
    log: (l) => l.info("Started"),
    text: "[INFO  parsec] Started\n",
    json: '"level":"info","component":"parsec","message":"Started"}\n',
  },
  {
    name: "the component of a child, and of its child",
    log: (l) => l.child("front").child("socket").warn("Closed"),
    text: "[WARN  front.socket] Closed\n",
    json: '"level":"warn","component":"front.socket","message":"Closed"}\n',
  },
  {
    name: "numbers, booleans and plain strings",
    log: (l) => l.error("Refused", { uid: 1000, rate: 0.5, ready: false, path: "/run/p.sock" }),
    text: "[ERROR parsec] Refused uid=1000 rate=0.5 ready=false path=/run/p.sock\n",
    json: '"level":"error","component":"parsec","message":"Refused",' +
      '"uid":1000,"rate":0.5,"ready":false,"path":"/run/p.sock"}\n',
  },
  {
    name: "a field that is undefined, left out",
    log: (l) => l.info("Seen", { pid: undefined, uid: 1 }),
    text: "[INFO  parsec] Seen uid=1\n",
    json: '"level":"info","component":"parsec","message":"Seen","uid":1}\n',
  },
  {
    name: "numbers that JSON has no form for",
    log: (l) => l.info("Measured", { a: NaN, b: -Infinity }),
    text: "[INFO  parsec] Measured a=NaN b=-Infinity\n",
    json: '"level":"info","component":"parsec","message":"Measured","a":"NaN","b":"-Infinity"}\n',
  },
  {
    name: "strings that need quotation marks",
    log: (l) => l.info("Named", { a: "", b: "two words", c: 'say "no"', d: "x=y" }),
    text: '[INFO  parsec] Named a="" b="two words" c="say \\"no\\"" d="x=y"\n',
    json: '"level":"info","component":"parsec","message":"Named",' +
      '"a":"","b":"two words","c":"say \\"no\\"","d":"x=y"}\n',
  },
  {
    name: "details where they are not allowed",
    log: (l) => l.info("Made", { bits: 256 }, { key: "secret name" }),
    text: "[INFO  parsec] Made bits=256\n",
    json: '"level":"info","component":"parsec","message":"Made","bits":256}\n',
  },
  {
    name: "details where they are allowed",
    options: { details: true },
    log: (l) => l.info("Made", { bits: 256 }, { key: "a name", application: "1000" }),
    text: '[INFO  parsec] Made bits=256 key="a name" application=1000\n',
    json: '"level":"info","component":"parsec","message":"Made",' +
      '"bits":256,"key":"a name","application":"1000"}\n',
  },
  {
    name: "an error with causes",
    options: { details: true },
    log: (l) =>
      l.error("Failed", {}, {
        error: new TypeError("outer", { cause: new RangeError("inner", { cause: "why" }) }),
      }),
    text: '[ERROR parsec] Failed error="TypeError: outer; caused by RangeError: inner; ' +
      'caused by why"\n',
    json: '"level":"error","component":"parsec","message":"Failed",' +
      '"error":"TypeError: outer; caused by RangeError: inner; caused by why"}\n',
  },
  {
    name: "fields named as what a JSON line always has",
    log: (l) => l.info("Odd", { level: 3, message: "m", time: "now", component: "c" }),
    text: "[INFO  parsec] Odd level=3 message=m time=now component=c\n",
    json: '"level":"info","component":"parsec","message":"Odd","field.level":3,' +
      '"field.message":"m","field.time":"now","field.component":"c"}\n',
  },
];

for (const { name, options, log, text, json } of LINES) {
  Deno.test(`openLogger() writes ${name}`, () => {
    const asText = record({ ...options, format: "text" });
    log(asText.logger);
    assert.deepEqual(asText.lines, [text]);
    const asJson = record({ ...options, format: "json" });
    log(asJson.logger);
    assert.deepEqual(asJson.lines, [JSON_START + json]);
    JSON.parse(asJson.lines[0]!);
  });
}

const HOSTILE: readonly { readonly name: string; readonly value: string; readonly safe: string }[] =
  [
    { name: "a forged line", value: "x\n[ERROR parsec] y", safe: '"x\\n[ERROR parsec] y"' },
    { name: "a carriage return", value: "x\ry", safe: '"x\\ry"' },
    { name: "a terminal escape", value: "\x1b[2J\x07", safe: '"\\u001b[2J\\u0007"' },
    { name: "a C1 control", value: "\x9b2J\x7f", safe: '"\\u009b2J\\u007f"' },
    { name: "a right-to-left override", value: "\u202egpj", safe: '"\\u202egpj"' },
    { name: "a line separator", value: "a\u2028b\u2029c", safe: '"a\\u2028b\\u2029c"' },
    { name: "a zero width space", value: "a\u200bb", safe: '"a\\u200bb"' },
    { name: "a tag character", value: "\u{e0041}", safe: '"\\udb40\\udc41"' },
    { name: "half of a pair", value: "\ud800", safe: '"\\ud800"' },
    { name: "quotes that end early", value: '" level="error', safe: '"\\" level=\\"error"' },
    { name: "letters beyond ASCII, as they are", value: "clé 鍵", safe: '"clé 鍵"' },
  ];

for (const { name, value, safe } of HOSTILE) {
  Deno.test(`openLogger() escapes a name that holds ${name}`, () => {
    for (const format of ["text", "json"] as const) {
      const { logger, lines } = record({ format, details: true });
      logger.info("Made", { field: value }, { key: value });
      const line = lines[0]!;
      assert.equal(line.match(/\n/g)?.length, 1);
      if (format === "text") {
        assert.equal(line, `[INFO  parsec] Made field=${safe} key=${safe}\n`);
      } else {
        const parsed = JSON.parse(line) as Record<string, unknown>;
        assert.deepEqual([parsed["field"], parsed["key"]], [value, value]);
        assert.ok(line.includes(`"field":${safe},"key":${safe}`));
      }
    }
  });
}

Deno.test("openLogger() escapes in messages, components and names of fields too", () => {
  const text = record();
  text.logger.child("a\nb").info("c\nd", { "e\nf": 1 });
  assert.deepEqual(text.lines, ['[INFO  a\\nb] c\\nd "e\\nf"=1\n']);
  const json = record({ format: "json" });
  json.logger.child("a\nb").info("c\nd", { "e\nf": 1 });
  assert.deepEqual(JSON.parse(json.lines[0]!), {
    time: NOON.toISOString(),
    level: "info",
    component: "a\nb",
    message: "c\nd",
    "e\nf": 1,
  });
});

const NEVER_SHOWN: readonly { readonly name: string; readonly value: unknown }[] = [
  { name: "bytes", value: new TextEncoder().encode("hunter2") },
  {
    name: "an object",
    value: { pin: "hunter2", toString: () => "hunter2", toJSON: () => "hunter2" },
  },
  { name: "a list", value: ["hunter2"] },
  { name: "an error among the fields", value: new Error("hunter2") },
  { name: "a function", value: () => "hunter2" },
  { name: "a symbol", value: Symbol("hunter2") },
];

for (const { name, value } of NEVER_SHOWN) {
  Deno.test(`openLogger() never shows ${name}`, () => {
    for (const format of ["text", "json"] as const) {
      const { logger, lines } = record({ format, details: true });
      logger.info("Looked", smuggle(value), smuggle(value));
      logger.error("Failed", {}, { error: value instanceof Error ? { value } : value });
      assert.equal(lines.length, 2);
      for (const line of lines) {
        assert.ok(line.includes("[not shown]"), line);
        assert.ok(!line.includes("hunter2") && !line.includes("104"), line);
      }
    }
  });
}

Deno.test("openLogger() shortens a very long value", () => {
  const { logger, lines } = record();
  logger.info("Named", { name: "n".repeat(1_000_000) });
  assert.equal(lines[0], `[INFO  parsec] Named name="${"n".repeat(1024)}…(+998976)"\n`);
});

Deno.test("openLogger() ends a ring of causes and keeps each of several errors", () => {
  const ring = new Error("ring");
  ring.cause = ring;
  const both = new AggregateError([new Error("one", { cause: "x" }), new Error("two")], "both");
  const { logger, lines } = record({ details: true });
  logger.error("Failed", {}, { error: ring });
  logger.error("Failed", {}, { error: both });
  assert.ok(lines[0]!.length < 300, lines[0]);
  assert.equal(
    lines[1],
    '[ERROR parsec] Failed error="AggregateError: both [Error: one, from x | Error: two]"\n',
  );
});

Deno.test("openLogger() writes the levels up to the one that is set", () => {
  for (const [rank, level] of LOG_LEVELS.entries()) {
    const { logger, lines } = record({ level });
    for (const each of LOG_LEVELS) {
      logger[each]("Said");
      assert.equal(logger.enabled(each), LOG_LEVELS.indexOf(each) <= rank);
    }
    assert.equal(lines.length, rank + 1);
  }
});

Deno.test("openLogger() does not look at the fields of a line it does not write", () => {
  const { logger, lines } = record({ level: "warn" });
  const fields = {
    get costly(): string {
      throw new Error("Looked at");
    },
  };
  logger.debug("Said", fields);
  assert.deepEqual(lines, []);
  assert.throws(() => logger.warn("Said", fields), /Looked at/);
});

Deno.test("reconfigure() changes a logger and the children made before", () => {
  const { logger, reconfigure, lines } = record();
  const child = logger.child("front");
  child.debug("Unseen");
  reconfigure({ level: "debug", details: true });
  child.debug("Seen", {}, { key: "k" });
  reconfigure({ format: "json" });
  child.debug("Seen");
  reconfigure({ level: "error", format: "text", timestamp: true });
  child.debug("Unseen");
  child.error("Seen");
  assert.deepEqual(lines, [
    "[DEBUG front] Seen key=k\n",
    JSON_START + '"level":"debug","component":"front","message":"Seen"}\n',
    "[2026-11-24T12:00:00.123Z ERROR front] Seen\n",
  ]);
});

Deno.test("openLogger() tells journald the level of each line", () => {
  const { logger, lines } = record({ level: "trace", levelPrefix: true });
  for (const level of LOG_LEVELS) logger[level]("Said");
  assert.deepEqual(lines.map((line) => line.slice(0, 9)), [
    "<3>[ERROR",
    "<4>[WARN ",
    "<6>[INFO ",
    "<7>[DEBUG",
    "<7>[TRACE",
  ]);
});

Deno.test("openLogger() reports lost lines before the next one", () => {
  let lost = 3;
  const { logger, lines } = record({
    takeLost: () => {
      const count = lost;
      lost = 0;
      return count;
    },
  });
  logger.info("Said");
  logger.info("Said");
  assert.deepEqual(lines, [
    "[WARN  log] Lines of the log were lost count=3\n",
    "[INFO  parsec] Said\n",
    "[INFO  parsec] Said\n",
  ]);
});
