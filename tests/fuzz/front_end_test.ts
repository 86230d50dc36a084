/**
 * Whatever bytes come in, in whatever pieces: one well-formed answer or a closed connection. From the framing to
 * the software provider, over the in-memory transport. PARSEC_FUZZ_SEED repeats a run; its seed is in the name of
 * the step.
 */
import assert from "node:assert/strict";
import { parseConfig } from "../../src/config/load_config.ts";
import { Opcode, type OperationName } from "../../src/opcode.ts";
import { OPERATIONS } from "../../src/operations/operation_table.ts";
import { openService } from "../../src/service.ts";
import { isResponseStatus, ResponseStatus } from "../../src/status.ts";
import { decodeHeaderFields, HEADER_SIZE } from "../../src/wire/header.ts";
import { configText } from "../e2e/service_config.ts";
import { message } from "../fakes/fake_front_end.ts";
import { InMemoryTransport } from "../fakes/in_memory_transport.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";
import { silentLogger } from "../fakes/silent_logger.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { readRecording } from "../vectors/recording.ts";

const ROUNDS = 4000;
const PEER = { pid: 1, uid: 1000, gid: 1000 };
const DIRECT = 1;
const RECORDINGS = ["header", "p1-import", "p1-sign", "p1-encrypt", "p1-can-do"] as const;

/** Good requests to start from: one of each operation, and what upstream was asked. */
function corpus(): readonly Uint8Array[] {
  const auth = new TextEncoder().encode("app");
  const examples = (Object.keys(Opcode) as OperationName[]).map((name) => {
    // The codec and the example are those of the same operation.
    const codec = OPERATIONS[name] as { encodeOperation(operation: unknown): Uint8Array };
    const body = codec.encodeOperation(EXAMPLES[name]);
    const isCore = Opcode[name] === Opcode.Ping || name.startsWith("List");
    const header = { opcode: Opcode[name], provider: isCore ? 0 : 1, authType: DIRECT };
    return message({ header, body, auth });
  });
  const recorded = RECORDINGS.flatMap(readRecording)
    .filter(({ request }) => !request.startsWith("(")) // too long to have been kept
    .map(({ request }) => Uint8Array.fromHex(request));
  return [...examples, ...recorded];
}

type Mutation = (request: Uint8Array, random: SeededRandom) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  (request) => request,
  function flipByte(request, random) {
    const changed = request.slice();
    if (changed.length > 0) changed[random.below(changed.length)] = random.below(256);
    return changed;
  },
  function flipHeaderByte(request, random) {
    const changed = request.slice();
    const end = Math.min(HEADER_SIZE, changed.length);
    if (end > 0) changed[random.below(end)] = random.below(256);
    return changed;
  },
  (request, random) => request.slice(0, random.below(request.length + 1)),
  (request, random) => Uint8Array.of(...request, ...random.bytes(1 + random.below(50))),
  (_, random) => random.bytes(random.below(200)),
];

interface Outcome {
  readonly status: ResponseStatus;
}

/** @throws {AssertionError} If it is not one whole answer. */
function checkAnswer(answer: Uint8Array): Outcome {
  assert.ok(answer.length >= HEADER_SIZE, `${answer.length} bytes`);
  const view = new DataView(answer.buffer, answer.byteOffset, answer.length);
  const fixed = answer.subarray(0, 10).toHex();
  assert.equal(fixed, "10a7c05e1e0001000000", "magic, size, version, flags");
  const header = decodeHeaderFields(view);
  assert.equal(header.bodyLength, answer.length - HEADER_SIZE);
  const { contentType, acceptType, authType, authLength, reserved1, reserved2 } = header;
  assert.deepEqual(
    [contentType, acceptType, authType, authLength, reserved1, reserved2],
    [0, 0, 0, 0, 0, 0],
  );
  const { status } = header;
  assert.ok(isResponseStatus(status), `status ${status}`);
  if (status !== ResponseStatus.Success) assert.equal(header.bodyLength, 0);
  return { status };
}

/** Writes a request in pieces of any size, and perhaps does not end it. */
async function send(
  transport: InMemoryTransport,
  request: Uint8Array,
  random: SeededRandom,
): Promise<Uint8Array> {
  const connection = transport.connect(PEER);
  let sent = 0;
  while (sent < request.length) {
    const size = 1 + random.below(random.pick([2, 40, 1000]));
    connection.write(request.subarray(sent, sent + size));
    sent += size;
  }
  connection.end();
  return await connection.answer;
}

Deno.test("the service gives one well-formed answer to anything", async (t) => {
  const seed = Number(
    Deno.env.get("PARSEC_FUZZ_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0],
  );
  using folder = new TempFolder();
  const config = await parseConfig(configText(folder.path), {
    file: folder.file("parsec.toml"),
    workingDirectory: folder.path,
    cpus: 1,
  });
  await using service = await openService(config, silentLogger);
  await using transport = new InMemoryTransport();
  transport.serve(service.frontEnd(config));
  const requests = corpus();
  assert.ok(requests.length > 100, `only ${requests.length} requests to start from`);
  await t.step(`seed ${seed}`, async () => {
    const random = new SeededRandom(seed);
    const seen = new Map<ResponseStatus, number>();
    for (let round = 0; round < ROUNDS; round++) {
      let request = random.pick(requests);
      for (let i = random.below(3); i >= 0; i--) request = random.pick(MUTATIONS)(request, random);
      try {
        const { status } = checkAnswer(await send(transport, request, random));
        seen.set(status, 1 + (seen.get(status) ?? 0));
      } catch (cause) {
        throw new Error(`seed ${seed}, round ${round}: ${request.toHex()}`, { cause });
      }
    }
    // The fuzzer reaches every stage: framing, header, authentication, decoding, rules, provider.
    for (
      const status of [
        ResponseStatus.Success,
        ResponseStatus.InvalidHeader,
        ResponseStatus.ConnectionError,
        ResponseStatus.OpcodeDoesNotExist,
        ResponseStatus.AuthenticatorNotRegistered,
        ResponseStatus.DeserializingBodyFailed,
        ResponseStatus.InvalidEncoding,
        ResponseStatus.PsaErrorDoesNotExist,
      ]
    ) {
      assert.ok(seen.has(status), `no request was answered with ${status}`);
    }
  });
});
