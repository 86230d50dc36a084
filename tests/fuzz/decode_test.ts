/**
 * The codecs against the recorded requests of existing clients, and against what a hostile one makes of
 * them. PARSEC_FUZZ_SEED repeats a run; its seed is in the name of the step.
 */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Opcode, type OperationName, operationName } from "../../src/opcode.ts";
import type { Codec } from "../../src/operations/codec.ts";
import { OPERATIONS } from "../../src/operations/operation_table.ts";
import { SAMPLES } from "../fakes/operation_samples.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { HEADER_SIZE } from "../../src/wire/header.ts";
import { readRecording } from "../vectors/recording.ts";

const NAMES = Object.keys(Opcode) as OperationName[];
const RECORDINGS = [
  "header",
  "p1-generate",
  "p1-import",
  "p1-sign",
  "p1-encrypt",
  "p1-can-do",
  "p1-admin",
] as const;

/** Whatever the operation: for what holds for every codec. */
type AnyCodec = Codec<unknown, unknown>;

function codecOf(name: OperationName): AnyCodec {
  return OPERATIONS[name] as AnyCodec;
}

interface RecordedBody {
  readonly label: string;
  readonly operation: OperationName;
  readonly body: Uint8Array;
  /** Upstream's answer. */
  readonly status: number;
  readonly answer: string;
}

/** The recorded requests that hold a whole body of a known operation. */
function recordedBodies(): readonly RecordedBody[] {
  return RECORDINGS.flatMap((file) =>
    readRecording(file).flatMap(({ name, request, response }) => {
      if (request.startsWith("(")) return []; // too long to have been kept
      const bytes = Uint8Array.fromHex(request);
      if (bytes.length < HEADER_SIZE) return [];
      const header = new DataView(bytes.buffer);
      const operation = operationName(header.getUint32(28, true));
      const end = HEADER_SIZE + header.getUint32(22, true);
      if (operation === undefined || bytes.length < end) return [];
      return [{
        label: `${file}: ${name}`,
        operation,
        body: bytes.subarray(HEADER_SIZE, end),
        status: response.status,
        answer: response.status === ResponseStatus.Success ? response.body ?? "" : "",
      }];
    })
  );
}

/** Refusals that are decoding's own. */
const DECODING: ReadonlySet<number> = new Set([
  ResponseStatus.DeserializingBodyFailed,
  ResponseStatus.InvalidEncoding,
]);

/** Recorded bodies that are decoded, but not written again as they came; and why. */
const NOT_REPEATED: Readonly<Record<string, string>> = {
  "header: ping with unknown body bytes": "unknown fields are dropped",
  "header: body has unknown fields: list keys": "unknown fields are dropped",
  "p1-encrypt: random 18446744073709551615": "the size is rounded",
};

/** Bodies that upstream refused before it came to decoding them. */
const NEVER_DECODED: ReadonlySet<string> = new Set(["header: crypto opcode on the core provider"]);

Deno.test("decodeOperation() reads the recorded requests as upstream did", async (t) => {
  const bodies = recordedBodies();
  ok(bodies.length > 350);
  for (const { label, operation, body, status } of bodies) {
    if (NEVER_DECODED.has(label)) continue;
    await t.step(label, () => {
      const codec = codecOf(operation);
      if (DECODING.has(status)) {
        throws(
          () => codec.decodeOperation(body),
          (error) => error instanceof StatusError && error.status === status,
        );
        return;
      }
      const decoded = codec.decodeOperation(body);
      if (label in NOT_REPEATED) return;
      strictEqual(codec.encodeOperation(decoded).toHex(), body.toHex());
    });
  }
});

Deno.test("decodeResult() reads the recorded answers, and encodeResult() writes them", () => {
  const answers = recordedBodies().filter(({ answer }) => answer !== "");
  ok(answers.length > 20);
  for (const { label, operation, answer } of answers) {
    const codec = codecOf(operation);
    const result = codec.decodeResult(Uint8Array.fromHex(answer));
    strictEqual(codec.encodeResult(result).toHex(), answer, label);
  }
});

/** Numbers from 0 to `limit - 1`, the same ones for the same seed (mulberry32). */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) % limit;
  };
}

type Random = ReturnType<typeof randomNumbers>;
type Mutation = (body: Uint8Array, random: Random) => Uint8Array;

function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Bytes that mean something to protobuf: long numbers, big lengths, groups, invalid UTF-8. */
const TOKENS = ["ffffffffffffffffff01", "ffffffff0f", "80", "0b", "0c", "7b7c", "eda080", "00"]
  .map((hex) => Uint8Array.fromHex(hex));

const MUTATIONS: readonly Mutation[] = [
  // one bit, one byte
  (body, random) => {
    const at = random(body.length + 1);
    return body.map((byte, i) => i === at ? byte ^ 1 << random(8) : byte);
  },
  (body, random) => {
    const at = random(body.length + 1);
    return joined(body.subarray(0, at), [random(256)], body.subarray(at + 1));
  },
  // cut, take out, repeat, put in
  (body, random) => body.slice(0, random(body.length + 1)),
  (body, random) => {
    const at = random(body.length + 1);
    return joined(body.subarray(0, at), body.subarray(at + 1 + random(8)));
  },
  (body, random) => {
    const at = random(body.length + 1);
    return joined(body.subarray(0, at), body.subarray(random(at + 1)));
  },
  (body, random) => {
    const at = random(body.length + 1);
    return joined(body.subarray(0, at), TOKENS[random(TOKENS.length)] ?? [], body.subarray(at));
  },
  // nothing of it left
  (body, random) => body.map(() => random(256)),
];

/**
 * Whatever the bytes: an operation, or one of decoding's statuses. What is read can be written, and reads
 * the same again.
 */
function checkDecoding(
  decode: (body: Uint8Array) => unknown,
  encode: (message: never) => Uint8Array,
  body: Uint8Array,
): "read" | "refused" {
  let message: unknown;
  try {
    message = decode(body);
  } catch (error) {
    if (error instanceof StatusError && DECODING.has(error.status)) return "refused";
    throw error;
  }
  const { size } = message as { readonly size?: number };
  if (size !== undefined && !Number.isSafeInteger(size)) return "read"; // rounded: never written
  deepStrictEqual(decode(encode(message as never)), message);
  return "read";
}

/** Bodies of operations by name: recorded ones, and samples small enough to be mutated in haste. */
function corpus(): ReadonlyMap<OperationName, readonly Uint8Array[]> {
  const recorded = Map.groupBy(recordedBodies(), ({ operation }) => operation);
  return new Map(NAMES.map((name) => {
    const bodies = (recorded.get(name) ?? []).map(({ body }) => body);
    const samples = (SAMPLES[name].operations as readonly unknown[])
      .map((operation) => codecOf(name).encodeOperation(operation));
    const small = [...bodies, ...samples].filter(({ length }) => length < 400);
    return [name, small];
  }));
}

const ROUNDS = 40_000;

Deno.test("the codecs answer mutated bodies with an operation or a status of decoding", async (t) => {
  const seed = Number(
    Deno.env.get("PARSEC_FUZZ_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0],
  );
  const bodies = corpus();
  for (const [name, of] of bodies) ok(of.length > 0, `no body of ${name} to start from`);
  await t.step(`seed ${seed}`, () => {
    const random = randomNumbers(seed);
    const outcomes = { read: 0, refused: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const name = NAMES[random(NAMES.length)] ?? "Ping";
      const own = bodies.get(name) ?? [];
      let body = own[random(own.length)] ?? new Uint8Array(0);
      for (let i = random(3); i >= 0; i--) {
        const mutate = MUTATIONS[random(MUTATIONS.length)];
        if (mutate !== undefined) body = mutate(body, random);
      }
      const codec = codecOf(name);
      try {
        outcomes[checkDecoding(codec.decodeOperation, codec.encodeOperation, body)]++;
        checkDecoding(codec.decodeResult, codec.encodeResult, body);
      } catch (cause) {
        throw new Error(`seed ${seed}, round ${round}, ${name}: ${body.toHex()}`, { cause });
      }
    }
    ok(outcomes.read > ROUNDS / 20 && outcomes.refused > ROUNDS / 20, JSON.stringify(outcomes));
    deepStrictEqual(Object.keys(Object.prototype), []);
  });
});
