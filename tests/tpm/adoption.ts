/** Keys that others made in a software TPM, given to applications; for tests of adoption. */
import assert from "node:assert/strict";
import { ecdsaRawToDer } from "../../ffi/libcrypto/mod.ts";
import type { KeySource } from "../../src/operations/convert/key_source.ts";
import { type Algorithm, type AsymmetricSignature } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { type ResponseStatus, StatusError, statusName } from "../../src/status.ts";
import { OpensslCommand } from "../fakes/openssl_command.ts";
import { type KeyName, type TpmBench, unmadeKey } from "./tpm_provider.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

export const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
export const MESSAGE = new TextEncoder().encode("made elsewhere");
export const NO_AUTH = new Uint8Array();
export const PAIR = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
/** Attributes of a key that a TPM made, as tpm2-tools write them. */
export const MADE = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth";

export interface Adoption {
  readonly source: KeySource;
  readonly alg: Algorithm;
  readonly name?: KeyName;
  readonly deleteWithKey?: boolean;
}

/** Adopts a key and gives it as the key info manager would. */
export async function adopt(
  { provider }: TpmBench,
  { source, alg, name = {}, deleteWithKey = false }: Adoption,
): Promise<Key> {
  const { attributes: { policy }, identity } = unmadeKey(PAIR, 0, alg, name);
  const found = await provider.keys.adoptKey({ source, identity, policy, deleteWithKey });
  const { keyId: id, type, bits } = found;
  return { id, identity, attributes: { type, bits, policy } };
}

/** Has tpm2-tools work while the provider is away, as a TPM without a resource manager wants it. */
export async function withTools<T>(
  bench: TpmBench,
  work: (tools: Tpm2Tools) => Promise<T>,
): Promise<T> {
  await bench.provider[Symbol.asyncDispose]();
  using tools = new Tpm2Tools(bench.swtpm);
  const result = await work(tools);
  await tools.flush();
  await bench.reopen();
  return result;
}

export interface MadeObject {
  readonly handle: number;
  readonly kind: string;
  readonly attributes: string;
  readonly auth?: string;
  readonly more?: readonly string[];
}

/** Makes a key and puts it at a persistent handle. @returns Its public half in PEM. */
export async function makePersistent(
  tools: Tpm2Tools,
  { handle, kind, attributes, auth, more = [] }: MadeObject,
): Promise<Uint8Array> {
  const options = ["-G", kind, "-a", attributes, ...(auth === undefined ? [] : ["-p", auth])];
  await tools.run("createprimary", "-Q", "-C", "o", ...options, ...more, "-c", "key");
  const at = `0x${handle.toString(16)}`;
  await tools.run("evictcontrol", "-Q", "-C", "o", "-c", "key", at);
  await tools.flush();
  await tools.run("readpublic", "-Q", "-c", at, "-f", "pem", "-o", "key.pem");
  return tools.read("key.pem");
}

/** A parent of keys. */
export const STORAGE_KEY: MadeObject = {
  handle: 0x8100_0001,
  kind: "ecc256:null:aes128cfb",
  attributes: `${MADE}|noda|restricted|decrypt`,
};

/** A key file with its public half, both in PEM. */
export interface KeyFile {
  readonly pem: string;
  readonly publicKey: Uint8Array;
}

/** A key below the storage key, in a file that tpm2-tools write. */
export async function encodedKey(
  tools: Tpm2Tools,
  { kind, attributes }: Pick<MadeObject, "kind" | "attributes">,
): Promise<KeyFile> {
  const parent = ["-C", "0x81000001"] as const;
  const files = ["-u", "key.pub", "-r", "key.priv"] as const;
  await tools.run("create", "-Q", ...parent, "-G", kind, "-a", attributes, ...files);
  await tools.run("encodeobject", ...parent, ...files, "-o", "key.pem");
  // Which the tool leaves behind.
  await tools.run("flushcontext", "--loaded-session");
  await tools.run("load", "-Q", ...parent, ...files, "-c", "loaded");
  await tools.run("readpublic", "-Q", "-c", "loaded", "-f", "pem", "-o", "public.pem");
  await tools.flush();
  return keyFile(tools);
}

/** What is in `key.pem` and `public.pem`. */
export function keyFile(tools: Tpm2Tools): KeyFile {
  const pem = new TextDecoder().decode(tools.read("key.pem"));
  return { pem, publicKey: tools.read("public.pem") };
}

export function signature(
  { provider }: TpmBench,
  key: Key,
  alg: AsymmetricSignature,
): Promise<Uint8Array> {
  const operation = { keyName: "", alg, message: MESSAGE };
  return Promise.resolve(provider.primitives.PsaSignMessage(key, operation))
    .then((result) => result.signature);
}

/** Has openssl judge a signature of the message, with SHA-256, and the provider, too. */
export async function signAndJudge(
  bench: TpmBench,
  key: Key,
  alg: AsymmetricSignature,
  publicKey: Uint8Array,
): Promise<void> {
  const raw = await signature(bench, key, alg);
  const operation = { keyName: "", alg, message: MESSAGE, signature: raw };
  await bench.provider.primitives.PsaVerifyMessage(key, operation);
  using openssl = new OpensslCommand();
  openssl.write("key.pem", publicKey);
  openssl.write("message", MESSAGE);
  openssl.write("signature", alg.kind === "ecdsa" ? ecdsaRawToDer(raw) : raw);
  const padding = alg.kind === "rsa_pss" ? ["-sigopt", "rsa_padding_mode:pss"] : [];
  const verify = ["dgst", "-sha256", ...padding, "-verify", "key.pem", "-signature", "signature"];
  openssl.must(...verify, "message");
  openssl.write("message", Uint8Array.of(...MESSAGE, 0));
  assert.equal(openssl.run(...verify, "message").success, false);
}

/** Wrong auth values that the TPM counts: enough of them lock it. */
export async function lockoutCounter(tools: Tpm2Tools): Promise<number> {
  const text = await tools.run("getcap", "properties-variable");
  const counter = /TPM2_PT_LOCKOUT_COUNTER: 0x([0-9A-Fa-f]+)/.exec(text)?.[1];
  assert.ok(counter, text);
  return parseInt(counter, 16);
}

export async function refuses(
  run: () => Promise<unknown>,
  status: ResponseStatus,
  message: RegExp,
): Promise<void> {
  await assert.rejects(run, (error) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(statusName(error.status), statusName(status), error.message);
    assert.match(error.message, message);
    return true;
  });
}
