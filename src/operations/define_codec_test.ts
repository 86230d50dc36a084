import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import type { OperationName } from "../opcode.ts";
import { Agreement } from "../psa/algorithm.ts";
import { Hash } from "../psa/hash.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { FIELD_LIMIT, REPEATED_LIMIT } from "./define_codec.ts";
import { OPERATIONS } from "./operation_table.ts";

function decode(name: OperationName, hex: string): unknown {
  return OPERATIONS[name].decodeOperation(Uint8Array.fromHex(hex));
}

function hasStatus(status: ResponseStatus): (error: unknown) => boolean {
  return (error) => error instanceof StatusError && error.status === status;
}

/** A group of field 15 around others, `depth` levels in all. */
function groups(depth: number): string {
  return "7b".repeat(depth) + "7c".repeat(depth);
}

/** Field 1, `hex` as its content. */
function field1(hex: string): string {
  const length = hex.length / 2;
  const bytes = length < 128 ? [length] : [0x80 | length & 0x7f, length >> 7];
  return `0a${Uint8Array.from(bytes).toHex()}${hex}`;
}

/** Why a body is refused, so that each case fails for its own reason. */
const CUT = /index out of range|ends in it/;
const NUMBER = /invalid (tag|varint|length) encoding|more than 64 bits/;
const TYPE = /wrong wire type/;
const TEXT = /encoded data is not valid/;
const FIELDS = /more than 4096 fields/;
const SKIP = /group tag|nested deeper|invalid wire type|field number 0/;

const NO_NAME = { keyName: "" };

Deno.test("decodeOperation() refuses what is not the protobuf message", async (t) => {
  const cases: readonly (readonly [
    name: string,
    reason: RegExp,
    operation: OperationName,
    hex: string,
  ])[] = [
    ["a tag cut short", CUT, "Ping", "80"],
    ["a tag of six bytes", NUMBER, "Ping", "888080808000"],
    ["a tag beyond 32 bits", NUMBER, "Ping", "f8ffffff7f00"],
    ["field number 0", SKIP, "Ping", "0001"],
    ["field number 0 with 64 bits", SKIP, "Ping", "010000000000000000"],
    ["wire type 6", SKIP, "Ping", "7e"],
    ["wire type 7", SKIP, "Ping", "7f"],
    ["an unknown number cut short", CUT, "Ping", "78ff"],
    ["an unknown number of 11 bytes", NUMBER, "Ping", "78ffffffffffffffffffff01"],
    ["an unknown number without an end", NUMBER, "Ping", "78" + "80".repeat(1000)],
    ["an unknown 32-bit field cut short", CUT, "Ping", "7d000000"],
    ["an unknown 64-bit field cut short", CUT, "Ping", "7900000000000000"],
    ["an unknown field longer than the body", CUT, "Ping", "7a026a"],
    ["an unknown field of 4 GiB", NUMBER, "Ping", "7affffffff0f00"],
    ["an unknown field with a length beyond 32 bits", NUMBER, "Ping", "7affffffffff0100"],
    ["a group that is never closed", CUT, "Ping", "7b0801"],
    ["the end of a group that was never opened", SKIP, "Ping", "7c"],
    ["a group closed with another number", SKIP, "Ping", "7b74"],
    ["groups nested beyond the limit", SKIP, "Ping", groups(18)],
    ["a hundred thousand groups", SKIP, "Ping", "7b".repeat(100_000)],
    ["too many unknown fields", FIELDS, "Ping", "7800".repeat(FIELD_LIMIT + 1)],
    ["too many fields of a group", FIELDS, "Ping", "7b" + "7800".repeat(FIELD_LIMIT) + "7c"],
    ["too many fields of messages", FIELDS, "PsaSignHash", "12022200".repeat(FIELD_LIMIT)],
    ["a name that is a number", TYPE, "PsaDestroyKey", "0801"],
    ["a name that is 32 bits", TYPE, "PsaDestroyKey", "0d00000000"],
    ["a name that is 64 bits", TYPE, "PsaDestroyKey", "090000000000000000"],
    ["a name that is a group", TYPE, "PsaDestroyKey", "0b0c"],
    ["a name longer than the body", CUT, "PsaDestroyKey", "0a056d696e65"],
    ["a name with a length cut short", CUT, "PsaDestroyKey", "0a80"],
    ["a name of 2 GiB", CUT, "PsaDestroyKey", "0affffffff0700"],
    ["a name with a stray UTF-8 byte", TEXT, "PsaDestroyKey", field1("6d80")],
    ["a name with a cut UTF-8 sequence", TEXT, "PsaDestroyKey", field1("e982")],
    ["a name with half a surrogate pair", TEXT, "PsaDestroyKey", field1("eda080")],
    ["a name with an overlong NUL", TEXT, "PsaDestroyKey", field1("c080")],
    ["a name beyond Unicode", TEXT, "PsaDestroyKey", field1("f4908080")],
    ["a long name that isn't UTF-8", TEXT, "PsaDestroyKey", field1("61".repeat(99) + "ff")],
    ["an algorithm that is a number", TYPE, "PsaSignHash", "1001"],
    ["an algorithm that is a group", TYPE, "PsaSignHash", "1314"],
    ["an algorithm longer than the body", CUT, "PsaSignHash", "12062204"],
    ["a member of the algorithm with a wrong type", TYPE, "PsaSignHash", "12022001"],
    ["a member longer than its message", CUT, "PsaSignHash", "1202220a1a00"],
    ["a message that ends inside a number", CUT, "PsaSignHash", "12062204" + "0a0210" + "ff1a00"],
    ["a hash that is 32 bits", TYPE, "PsaSignHash", "1d00000000"],
    ["a provider that is a text", TYPE, "ListOpcodes", "0a00"],
    ["a provider cut short", CUT, "ListOpcodes", "08ff"],
    ["a provider of 11 bytes", NUMBER, "ListOpcodes", "08ffffffffffffffffffff01"],
    ["a size that is 64 bits", TYPE, "PsaGenerateRandom", "090000000000000000"],
    ["a size cut short", CUT, "PsaGenerateRandom", "08ff"],
    ["a size beyond 64 bits", NUMBER, "PsaGenerateRandom", "08ffffffffffffffffff02"],
    ["a size of 11 bytes", NUMBER, "PsaGenerateRandom", "08ffffffffffffffffffff01"],
    ["an enumeration that is bytes", TYPE, "PsaHashCompute", "0a0107"],
    ["a usage flag that is bytes", TYPE, "PsaGenerateKey", "12061a040a020a00"],
    ["a usage flag of 11 bytes", NUMBER, "PsaGenerateKey", "12101a0e0a0c08ffffffffffffffffffff01"],
  ];
  for (const [name, reason, operation, hex] of cases) {
    await t.step(name, () => {
      throws(() => decode(operation, hex), (error) => {
        ok(error instanceof StatusError);
        strictEqual(error.status, ResponseStatus.DeserializingBodyFailed);
        match(String(error.cause), reason);
        return true;
      });
    });
  }
});

Deno.test("decodeOperation() refuses a message without what is mandatory", async (t) => {
  const cases: readonly (readonly [name: string, operation: OperationName, hex: string])[] = [
    ["no attributes", "PsaGenerateKey", field1("6b")],
    ["empty attributes", "PsaGenerateKey", "1200"],
    ["no attributes on import", "PsaImportKey", "1a0100"],
    ["no algorithm to sign with", "PsaSignHash", "1a0100"],
    ["an empty algorithm to verify with", "PsaVerifyHash", "1200"],
    ["no algorithm for a message", "PsaSignMessage", ""],
    ["no algorithm to verify a message with", "PsaVerifyMessage", ""],
    ["no algorithm to encrypt with", "PsaAsymmetricEncrypt", ""],
    ["no algorithm to decrypt with", "PsaAsymmetricDecrypt", ""],
    ["no AEAD to encrypt with", "PsaAeadEncrypt", ""],
    ["no AEAD to decrypt with", "PsaAeadDecrypt", ""],
    ["no cipher to encrypt with", "PsaCipherEncrypt", ""],
    ["cipher 0", "PsaCipherDecrypt", "1000"],
    ["an unknown cipher", "PsaCipherDecrypt", "1063"],
    ["no MAC to compute", "PsaMacCompute", ""],
    ["no MAC to verify", "PsaMacVerify", ""],
    ["no hash", "PsaHashCompute", ""],
    ["an unknown hash", "PsaHashCompare", "0863"],
    ["no key agreement", "PsaRawKeyAgreement", ""],
    ["an unknown key agreement", "PsaRawKeyAgreement", "0803"],
    ["check type 0", "CanDoCrypto", ""],
    ["an unknown check type", "CanDoCrypto", "0805"],
    ["a check of nothing", "CanDoCrypto", "0801"],
    ["no attestation mechanism", "PrepareKeyAttestation", ""],
    ["an empty attestation mechanism", "PrepareKeyAttestation", "0a00"],
    ["no mechanism to attest with", "AttestKey", field1("6b")],
  ];
  for (const [name, operation, hex] of cases) {
    await t.step(name, () => {
      throws(() => decode(operation, hex), hasStatus(ResponseStatus.InvalidEncoding));
    });
  }
});

Deno.test("decodeOperation() reads what existing services read", async (t) => {
  const sha256 = { kind: "ecdsa", hash: Hash.Sha256 };
  const none = new Uint8Array(0);
  const signHash = (alg: unknown) => ({ ...NO_NAME, alg, hash: none });
  const cases: readonly (readonly [
    name: string,
    operation: OperationName,
    hex: string,
    wanted: unknown,
  ])[] = [
    [
      "unknown fields of every type",
      "ListOpcodes",
      "7801790102030405060708" + "7a0161" +
      "7b0801" + "7c" + "7d01020304" + "0803",
      { providerId: 3 },
    ],
    ["an unknown field with the largest number", "Ping", "f8ffffff0f01", {}],
    ["an unknown number of 10 bytes", "Ping", "78ffffffffffffffffff01", {}],
    ["unknown groups nested as deep as allowed", "Ping", groups(17), {}],
    ["as many fields as allowed", "ListOpcodes", "0803" + "7800".repeat(FIELD_LIMIT - 1), {
      providerId: 3,
    }],
    ["an absent provider as the core", "ListOpcodes", "", { providerId: 0 }],
    ["2^32 as 0", "ListOpcodes", "088080808010", { providerId: 0 }],
    ["2^64 - 1 as 2^32 - 1", "ListOpcodes", "08ffffffffffffffffff01", {
      providerId: 2 ** 32 - 1,
    }],
    ["a number with needless bytes", "ListOpcodes", "0883808000", { providerId: 3 }],
    ["the last of two numbers", "ListOpcodes", "08010802", { providerId: 2 }],
    ["a 0 after another number", "ListOpcodes", "08010800", { providerId: 0 }],
    ["the last of two names", "PsaDestroyKey", "0a01610a0162", { keyName: "b" }],
    ["an empty name after another", "PsaDestroyKey", "0a01610a00", NO_NAME],
    ["a name with a byte order mark", "PsaDestroyKey", field1("efbbbf61"), {
      keyName: "\ufeffa",
    }],
    ["the largest size", "PsaGenerateRandom", "08ffffffffffffffffff01", { size: 2 ** 64 }],
    ["the largest exact size", "PsaGenerateRandom", "08ffffffffffffff0f", {
      size: Number.MAX_SAFE_INTEGER,
    }],
    ["an absent size", "PsaGenerateRandom", "", { size: 0 }],
    [
      "the last member of a oneof",
      "PsaSignHash",
      "1208" + "1a040a021008" + "2a00",
      signHash({
        kind: "ecdsa_any",
      }),
    ],
    [
      "the last member of a oneof, given in two messages",
      "PsaSignHash",
      "12081a060a040a001007" + "12062204" + "0a021007",
      signHash(sha256),
    ],
    [
      "one member given in two parts",
      "PsaSignHash",
      "12022200" + "120622040a021007",
      signHash(sha256),
    ],
    [
      "an algorithm given in two parts",
      "PsaMacCompute",
      "1206" + "12040a020a00" +
      "120a" + "12080a040a020807" + "1008",
      {
        ...NO_NAME,
        alg: { kind: "hmac", hash: Hash.Sha256, macLength: 8 },
        input: none,
      },
    ],
    [
      "attributes given in two parts",
      "PsaGenerateKey",
      "1204" + "0a020a00" +
      "120a" + "1a080a02080112020a00",
      {
        ...NO_NAME,
        attributes: {
          type: { kind: "raw_data" },
          bits: 0,
          policy: {
            usageFlags: {
              export: true,
              copy: false,
              cache: false,
              encrypt: false,
              decrypt: false,
              signMessage: false,
              verifyMessage: false,
              signHash: false,
              verifyHash: false,
              derive: false,
            },
            permittedAlgorithm: { kind: "none" },
          },
        },
      },
    ],
    ["fields in any order", "PsaRawKeyAgreement", "1a0105" + "12016b" + "0802", {
      alg: { kind: "raw_key_agreement", agreement: Agreement.Ecdh },
      privateKeyName: "k",
      peerKey: Uint8Array.of(5),
    }],
  ];
  for (const [name, operation, hex, wanted] of cases) {
    await t.step(name, () => deepStrictEqual(decode(operation, hex), wanted));
  }
});

Deno.test("decodeResult() reads repeated numbers packed, one by one and mixed", () => {
  const { decodeResult } = OPERATIONS.ListOpcodes;
  deepStrictEqual(decodeResult(Uint8Array.fromHex("0a020102")), { opcodes: [1, 2] });
  deepStrictEqual(decodeResult(Uint8Array.fromHex("08010802")), { opcodes: [1, 2] });
  deepStrictEqual(decodeResult(Uint8Array.fromHex("08010a0202030804")), {
    opcodes: [1, 2, 3, 4],
  });
  for (const hex of ["0a0201", "0a0280800001", "0d01000000"]) {
    throws(
      () => decodeResult(Uint8Array.fromHex(hex)),
      hasStatus(ResponseStatus.DeserializingBodyFailed),
    );
  }
});

Deno.test("decodeResult() accepts as many elements as the limit, and no more", () => {
  const tooMany = hasStatus(ResponseStatus.DeserializingBodyFailed);
  const clients = (count: number) => Uint8Array.fromHex("0a00".repeat(count));
  const { ListClients, ListOpcodes, ListProviders } = OPERATIONS;
  strictEqual(ListClients.decodeResult(clients(REPEATED_LIMIT)).clients.length, REPEATED_LIMIT);
  throws(() => ListClients.decodeResult(clients(REPEATED_LIMIT + 1)), tooMany);
  throws(() => ListProviders.decodeResult(clients(REPEATED_LIMIT + 1)), tooMany);
  const opcodes = Array.from({ length: REPEATED_LIMIT + 1 }, () => 1);
  throws(() => ListOpcodes.decodeResult(ListOpcodes.encodeResult({ opcodes })), tooMany);
});

Deno.test("decodeOperation() gives views into the body, and plain arrays", () => {
  const message = Uint8Array.fromHex("ffff" + "0a016b" + "120622040a021007" + "1a03010203");
  const body = message.subarray(2);
  const { hash } = OPERATIONS.PsaSignHash.decodeOperation(body);
  strictEqual(hash.buffer, body.buffer);
  strictEqual(hash.byteOffset, message.length - 3);
  strictEqual(hash.length, 3);
  const absent = OPERATIONS.PsaSignHash.decodeOperation(body.subarray(0, -5)).hash;
  strictEqual(Object.getPrototypeOf(absent), Uint8Array.prototype);
  strictEqual(absent.length, 0);
});

Deno.test("decodeOperation() and encodeOperation() look at nothing inherited", () => {
  const planted = Object.prototype as { ecdsa?: unknown; key_name?: unknown };
  planted.ecdsa = { hash_alg: { specific: Hash.Sha256 } };
  planted.key_name = "planted";
  try {
    throws(() => decode("PsaSignHash", "1200"), hasStatus(ResponseStatus.InvalidEncoding));
    deepStrictEqual(decode("PsaDestroyKey", ""), NO_NAME);
    const alg = { kind: "ecdsa_any" } as const;
    const body = OPERATIONS.PsaSignHash.encodeOperation({
      keyName: "",
      alg,
      hash: new Uint8Array(0),
    });
    strictEqual(body.toHex(), "12022a00");
  } finally {
    delete planted.ecdsa;
    delete planted.key_name;
  }
});

Deno.test("decodeOperation() says nothing of the body in its errors", () => {
  const secret = "74 6f 70 73 65 63 72 65 74".replaceAll(" ", ""); // "topsecret"
  try {
    decode("PsaImportKey", "1a09" + secret + "0a02c328");
    ok(false, "decoded");
  } catch (error) {
    ok(error instanceof StatusError);
    ok(!`${error.message} ${error.cause}`.includes("topsecret"));
  }
});
