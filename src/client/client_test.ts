import { deepEqual, equal, rejects } from "node:assert/strict";
import { AuthType } from "../auth_type.ts";
import { Opcode, type OperationName } from "../opcode.ts";
import { OPERATIONS } from "../operations/operation_table.ts";
import { ProviderId } from "../provider_id.ts";
import { Hash } from "../psa/hash.ts";
import { ResponseStatus } from "../status.ts";
import { encodeHeader, HEADER_SIZE, type WireHeader } from "../wire/header.ts";
import { type RawRequest, RequestReader } from "../wire/request_reader.ts";
import { EXAMPLES } from "../../tests/fakes/operation_examples.ts";
import { type Client, createClient } from "./client.ts";
import { MalformedResponseError, ServiceError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";

interface Answer {
  readonly header?: Partial<WireHeader>;
  readonly body?: Uint8Array;
  /** Changes the finished bytes. */
  readonly spoil?: (bytes: Uint8Array) => Uint8Array;
}

/** Answers each request by its echo, changed as told, and keeps what it was asked. */
function scripted(answer: Answer): { readonly exchange: Exchange; readonly asked: RawRequest[] } {
  const asked: RawRequest[] = [];
  const exchange: Exchange = (bytes) => {
    const progress = new RequestReader({ bodyLengthLimit: 1 << 20 }).push(bytes);
    if (progress.kind !== "complete") throw new Error(`The request is ${progress.kind}`);
    asked.push(progress.request);
    return Promise.resolve(respond(progress.request.header, answer));
  };
  return { exchange, asked };
}

function respond(request: WireHeader, { header = {}, body, spoil }: Answer): Uint8Array {
  const payload = body ?? new Uint8Array(0);
  const message = new Uint8Array(HEADER_SIZE + payload.length);
  const lengths = { bodyLength: payload.length, authType: AuthType.NoAuth, authLength: 0 };
  encodeHeader({ ...request, ...lengths, ...header }, message);
  message.set(payload, HEADER_SIZE);
  return spoil === undefined ? message : spoil(message);
}

const PONG = OPERATIONS.Ping.encodeResult({ wireProtocolVersionMaj: 1, wireProtocolVersionMin: 0 });

Deno.test("ping() asks the core provider and reads the version", async () => {
  const { exchange, asked } = scripted({ body: PONG });
  const pong = await createClient({ exchange }).ping();
  deepEqual(pong, { wireProtocolVersionMaj: 1, wireProtocolVersionMin: 0 });
  const { header, body, auth } = asked[0]!;
  equal(header.opcode, Opcode.Ping);
  equal(header.provider, ProviderId.Core);
  equal(header.authType, AuthType.NoAuth);
  equal(header.session, 0n);
  equal(header.status, 0);
  equal(body.length, 0);
  equal(auth.length, 0);
});

Deno.test("psaHashCompute() sends provider, operation and identity", async () => {
  const hash = new Uint8Array(32).fill(7);
  const { exchange, asked } = scripted({ body: OPERATIONS.PsaHashCompute.encodeResult({ hash }) });
  const client = createClient({ exchange, authentication: { kind: "direct", name: "app" } });
  const operation = { alg: Hash.Sha256, input: Uint8Array.of(1, 2, 3) };
  deepEqual(await client.psaHashCompute(ProviderId.Tpm, operation), { hash });
  const { header, body, auth } = asked[0]!;
  equal(header.provider, ProviderId.Tpm);
  equal(header.authType, AuthType.Direct);
  equal(new TextDecoder().decode(auth), "app");
  deepEqual(OPERATIONS.PsaHashCompute.decodeOperation(body), operation);
});

Deno.test("createClient() has one function for each operation", () => {
  const client = createClient({ exchange: scripted({}).exchange });
  const expected = Object.keys(Opcode).map((name) => name[0]!.toLowerCase() + name.slice(1));
  deepEqual(Object.keys(client).sort(), expected.sort());
});

Deno.test("a client zeroes the request once it is answered", async () => {
  const sent: Uint8Array[] = [];
  const { exchange } = scripted({ body: PONG });
  await createClient({
    exchange: (request) => {
      sent.push(request);
      return exchange(request);
    },
  }).ping();
  deepEqual(sent[0], new Uint8Array(HEADER_SIZE));
});

Deno.test("a status other than Success is a ServiceError", async (t) => {
  const cases: readonly (readonly [title: string, header: Partial<WireHeader>, name: string])[] = [
    ["an echo", { status: ResponseStatus.PsaErrorDoesNotExist }, "PsaErrorDoesNotExist"],
    ["a default header", {
      status: ResponseStatus.OpcodeDoesNotExist,
      opcode: Opcode.Ping,
      provider: ProviderId.Core,
    }, "OpcodeDoesNotExist"],
    ["a status of the future", { status: 4242 }, "status 4242"],
  ];
  for (const [title, header, name] of cases) {
    await t.step(title, async () => {
      const client = createClient({ exchange: scripted({ header }).exchange });
      await rejects(client.psaDestroyKey(ProviderId.Software, { keyName: "k" }), (error) => {
        return error instanceof ServiceError && error.status === header.status &&
          error.statusName === name && error.operation === "PsaDestroyKey";
      });
    });
  }
});

function edited(offset: number, value: number): Answer {
  return {
    body: PONG,
    spoil: (bytes) => {
      bytes[offset] = value;
      return bytes;
    },
  };
}

const MALFORMED: readonly (readonly [title: string, answer: Answer, problem: RegExp])[] = [
  ["nothing", { spoil: () => new Uint8Array(0) }, /0 bytes came, a header of 36 wanted/],
  ["half a header", { spoil: (bytes) => bytes.subarray(0, 35) }, /35 bytes came/],
  ["HTTP", {
    spoil: () => new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
  }, /wrong magic number/],
  ["another header size", edited(4, 31), /header size 31, 30 wanted/],
  ["another version", edited(6, 2), /version 2.0, 1.0 wanted/],
  ["another minor version", edited(7, 1), /version 1.1, 1.0 wanted/],
  ["another content type", { body: PONG, header: { contentType: 1 } }, /content type 1, 0 wanted/],
  ["another opcode", { body: PONG, header: { opcode: Opcode.ListKeys } }, /opcode 26, 1 was asked/],
  ["another provider", { body: PONG, header: { provider: 3 } }, /provider 3, 0 was asked/],
  ["a body cut short", { body: PONG, header: { bodyLength: 3 } }, /2 bytes came, 3 announced/],
  ["bytes after the body", { body: PONG, header: { bodyLength: 1 } }, /2 bytes came, 1 announced/],
  ["a body that is no protobuf", { body: Uint8Array.of(0x08) }, /./],
  ["a refusal cut short", {
    header: { status: ResponseStatus.PsaErrorGenericError, bodyLength: 9 },
  }, /0 bytes came, 9 announced/],
];

for (const [title, answer, problem] of MALFORMED) {
  Deno.test(`a client refuses an answer that is ${title}`, async () => {
    const client = createClient({ exchange: scripted(answer).exchange });
    await rejects(client.ping(), (error) => {
      return error instanceof MalformedResponseError && problem.test(error.message);
    });
  });
}

Deno.test("a client refuses a list of keys with an unknown key type", async () => {
  // KeyInfo { provider_id: 1, name: "k", attributes: {} }: the mandatory parts are absent.
  const body = Uint8Array.of(0x0a, 0x07, 0x08, 0x01, 0x12, 0x01, 0x6b, 0x1a, 0x00);
  const client = createClient({ exchange: scripted({ body }).exchange });
  await rejects(client.listKeys(), MalformedResponseError);
});

Deno.test("a client sends every operation with its own opcode, and core ones to provider 0", async (t) => {
  for (const name of Object.keys(Opcode) as OperationName[]) {
    await t.step(name, async () => {
      const { exchange, asked } = scripted({ header: { status: ResponseStatus.AdminOperation } });
      const ask = functionOf(createClient({ exchange }), name);
      const isCore = ask.length === 0;
      await rejects(
        isCore ? ask(EXAMPLES[name]) : ask(ProviderId.Tpm, EXAMPLES[name]),
        ServiceError,
      );
      const { header, body } = asked[0]!;
      equal(header.opcode, Opcode[name]);
      equal(header.provider, isCore ? ProviderId.Core : ProviderId.Tpm);
      deepEqual(OPERATIONS[name].decodeOperation(body), EXAMPLES[name]);
    });
  }
});

/** The function of an operation, whatever it takes. */
function functionOf(client: Client, name: OperationName) {
  const key = name[0]!.toLowerCase() + name.slice(1);
  const all: Readonly<Record<string, unknown>> = client;
  return all[key] as (...parameters: readonly unknown[]) => Promise<unknown>;
}
