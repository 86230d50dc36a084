/**
 * Replays what was recorded of the upstream service against a running service: existing clients must see
 * the same, but for the rows of `differences.ts`.
 */
import assert from "node:assert/strict";
import { OPERATIONS } from "../../src/operations/operation_table.ts";
import { AeadMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";
import { statusName } from "../../src/status.ts";
import { HEADER_SIZE } from "../../src/wire/header.ts";
import { rawExchange } from "../e2e/raw_exchange.ts";
import { type ServiceProcess, startService } from "../e2e/service_process.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { pkcs11ConfigText, softHsmValues } from "../pkcs11/config.ts";
import { SoftHsm } from "../pkcs11/softhsm.ts";
import { tpmConfigText } from "../tpm/config.ts";
import { Swtpm } from "../tpm/swtpm.ts";
import { type Difference, DIFFERENCES, type NotReplayed } from "./differences.ts";
import { readRecording, type RecordedCase } from "./recording.ts";

/** Short, since three recorded cases wait for it; upstream's was 3 s. */
const READ_TIMEOUT_MS = 400;

interface Group {
  readonly name: string;
  readonly files: readonly string[];
  readonly start: (stack: AsyncDisposableStack) => Promise<ServiceProcess>;
}

const SETTINGS = {
  authenticators: [{ type: "Direct", admins: ["admin"] }],
  listener: { timeout: READ_TIMEOUT_MS },
} as const;

async function startWithSoftware(stack: AsyncDisposableStack): Promise<ServiceProcess> {
  return stack.use(await startService(SETTINGS));
}

async function startWithTpm(stack: AsyncDisposableStack): Promise<ServiceProcess> {
  const swtpm = stack.use(await Swtpm.start());
  const folder = stack.use(new TempFolder()).path;
  const configText = tpmConfigText(folder, swtpm, SETTINGS);
  return stack.use(await startService({ folder, configText }));
}

async function startWithToken(stack: AsyncDisposableStack): Promise<ServiceProcess> {
  const softhsm = stack.use(await SoftHsm.create());
  const values = softHsmValues(await softhsm.initToken("parsec"));
  const folder = stack.use(new TempFolder()).path;
  const configText = pkcs11ConfigText(folder, { ...values, allow_export: true }, SETTINGS);
  return stack.use(await startService({ folder, configText }));
}

/** The files of one provider, in the order in which they were recorded. */
function filesOf(provider: number): readonly string[] {
  return ["generate", "import", "sign", "encrypt", "can-do", "admin"].map((each) =>
    `p${provider}-${each}`
  );
}

const GROUPS: readonly Group[] = [
  { name: "header", files: ["header"], start: startWithSoftware },
  { name: "software provider", files: filesOf(1), start: startWithSoftware },
  { name: "PKCS#11 provider", files: filesOf(2), start: startWithToken },
  { name: "TPM provider", files: filesOf(3), start: startWithTpm },
];

for (const { name, files, start } of GROUPS) {
  Deno.test(`recorded answers of the upstream service: ${name}`, async (t) => {
    await using stack = new AsyncDisposableStack();
    const service = await start(stack);
    for (const file of files) {
      await t.step(file, async (t) => {
        for (const each of readRecording(file)) {
          if (isNotReplayed(DIFFERENCES[file]?.[each.name])) continue;
          await t.step(each.note === undefined ? each.name : `${each.name}, ${each.note}`, () =>
            replay(service, file, each));
        }
      });
    }
  });
}

Deno.test("every deliberate difference belongs to a recorded case", () => {
  for (const [file, rows] of Object.entries(DIFFERENCES)) {
    const names = new Set(readRecording(file).map((each) => each.name));
    for (const name of Object.keys(rows)) assert.ok(names.has(name), `${file}: ${name}`);
  }
});

async function replay(service: ServiceProcess, file: string, recorded: RecordedCase) {
  const request = requestBytes(file, recorded);
  const answer = await rawExchange(service.socketPath, request, {
    halfClose: recorded.half_close ?? false,
  });
  const status = new DataView(answer.buffer, answer.byteOffset).getUint16(32, true);
  const body = answer.subarray(HEADER_SIZE);
  const difference = DIFFERENCES[file]?.[recorded.name];
  if (difference !== undefined && !isNotReplayed(difference)) {
    assert.equal(statusName(status), statusName(difference.status));
    if (difference.bodyLength !== undefined) assert.equal(body.length, difference.bodyLength);
    assert.ok(
      status !== recorded.response.status || body.length !== recorded.response.body_length,
      "the answer is upstream's: no difference any more",
    );
    return;
  }
  assert.equal(statusName(status), statusName(recorded.response.status));
  if (recorded.compare === "status") return;
  assert.equal(body.length, recorded.response.body_length);
  if (recorded.compare === "length") return;
  assert.equal(answer.subarray(0, HEADER_SIZE).toHex(), recorded.response.header);
  if (recorded.response.body !== undefined) assert.equal(body.toHex(), recorded.response.body);
}

function isNotReplayed(difference: Difference | undefined): difference is NotReplayed {
  return difference !== undefined && "notReplayed" in difference;
}

function requestBytes(file: string, recorded: RecordedCase): Uint8Array<ArrayBuffer> {
  const announced = /^\((\d+) bytes\)$/.exec(recorded.request)?.[1];
  if (announced === undefined) return Uint8Array.fromHex(recorded.request);
  const build = LONG_REQUESTS[recorded.name];
  assert.ok(build !== undefined, "no way to build the long request");
  const bytes = build(providerOf(file));
  assert.equal(bytes.length, Number(announced), "the request built has not the recorded length");
  return bytes;
}

/** Of `p3-generate`, 3. */
function providerOf(file: string): number {
  return Number(/^p(\d)/.exec(file)?.[1] ?? 0);
}

/** The applications of the recordings, by their provider. */
const APPLICATIONS: Readonly<Record<number, string>> = {
  1: "vec-1-1795479303355",
  2: "vec-2-1795479319330",
  3: "vec-3-1795479347091",
};

/** The requests that were too long to keep, by the name of their case. */
const LONG_REQUESTS: Readonly<Record<string, (provider: number) => Uint8Array<ArrayBuffer>>> = {
  "body length 1 MiB exactly, list keys": () => requestOf(0, 0x1a, new Uint8Array(1 << 20), "app"),
  "direct auth: 65535 byte name": () =>
    requestOf(0, 0x1a, new Uint8Array(0), "a".repeat(65_535)),
  "generate with 5000 character name": (provider) =>
    requestOf(
      provider,
      0x02,
      OPERATIONS.PsaGenerateKey.encodeOperation({
        keyName: "a".repeat(5000),
        attributes: {
          type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
          bits: 256,
          policy: {
            usageFlags: usageFlags(
              "export",
              "signMessage",
              "verifyMessage",
              "signHash",
              "verifyHash",
            ),
            permittedAlgorithm: { kind: "ecdsa", hash: Hash.Sha256 },
          },
        },
      }),
      APPLICATIONS[provider] ?? "",
    ),
  "gcm encrypt 512 KiB": (provider) =>
    requestOf(
      provider,
      0x11,
      OPERATIONS.PsaAeadEncrypt.encodeOperation({
        keyName: "i-aes128",
        alg: { kind: "aead", mode: AeadMode.Gcm },
        nonce: new Uint8Array(12),
        additionalData: new Uint8Array(0),
        plaintext: new Uint8Array(512 * 1024),
      }),
      APPLICATIONS[provider] ?? "",
    ),
};

function requestOf(
  provider: number,
  opcode: number,
  body: Uint8Array,
  application: string,
): Uint8Array<ArrayBuffer> {
  const auth = new TextEncoder().encode(application);
  const bytes = new Uint8Array(HEADER_SIZE + body.length + auth.length);
  const view = new DataView(bytes.buffer);
  bytes.set(Uint8Array.fromHex("10a7c05e1e000100"));
  view.setUint8(10, provider);
  view.setUint8(21, 1);
  view.setUint32(22, body.length, true);
  view.setUint16(26, auth.length, true);
  view.setUint32(28, opcode, true);
  bytes.set(body, HEADER_SIZE);
  bytes.set(auth, HEADER_SIZE + body.length);
  return bytes;
}
