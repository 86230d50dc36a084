/** Keys that a token makes: generated, unwrapped, derived. */
import { Arena } from "../runtime/arena.ts";
import { asBuffer } from "../runtime/buffer.ts";
import { type Attribute, layTemplate } from "./attributes.ts";
import { check, Pkcs11AnswerError } from "./errors.ts";
import { layMechanism, type Mechanism } from "./mechanism.ts";
import { handleAt, type ObjectHandle } from "./objects.ts";
import type { Session } from "./session.ts";

export interface KeyPairHandles {
  readonly publicKey: ObjectHandle;
  readonly privateKey: ObjectHandle;
}

export async function generateKey(
  { calls, handle }: Session,
  mechanism: Mechanism,
  attributes: readonly Attribute[],
): Promise<ObjectHandle> {
  using arena = new Arena();
  const { bytes, count } = layTemplate(arena, attributes);
  const laid = layMechanism(arena, mechanism);
  const key = new BigUint64Array(1);
  check("C_GenerateKey", await calls.C_GenerateKey(handle, laid, bytes, count, key));
  return handleAt("C_GenerateKey", key);
}

export interface KeyPairAttributes {
  readonly publicKey: readonly Attribute[];
  readonly privateKey: readonly Attribute[];
}

export async function generateKeyPair(
  { calls, handle }: Session,
  mechanism: Mechanism,
  attributes: KeyPairAttributes,
): Promise<KeyPairHandles> {
  using arena = new Arena();
  const publicTemplate = layTemplate(arena, attributes.publicKey);
  const privateTemplate = layTemplate(arena, attributes.privateKey);
  const publicKey = new BigUint64Array(1);
  const privateKey = new BigUint64Array(1);
  const result = await calls.C_GenerateKeyPair(
    handle,
    layMechanism(arena, mechanism),
    publicTemplate.bytes,
    publicTemplate.count,
    privateTemplate.bytes,
    privateTemplate.count,
    publicKey,
    privateKey,
  );
  check("C_GenerateKeyPair", result);
  return {
    publicKey: handleAt("C_GenerateKeyPair", publicKey),
    privateKey: handleAt("C_GenerateKeyPair", privateKey),
  };
}

export interface KeyToWrap {
  readonly key: ObjectHandle;
  readonly wrappingKey: ObjectHandle;
  /** Bytes of the longest result. */
  readonly most: number;
}

export async function wrapKey(
  { calls, handle }: Session,
  mechanism: Mechanism,
  { key, wrappingKey, most }: KeyToWrap,
): Promise<Uint8Array<ArrayBuffer>> {
  using arena = new Arena();
  const laid = layMechanism(arena, mechanism);
  const wrapped = new Uint8Array(most);
  const length = new BigUint64Array([BigInt(most)]);
  check("C_WrapKey", await calls.C_WrapKey(handle, laid, wrappingKey, key, wrapped, length));
  const found = length[0] ?? 0n;
  if (found > BigInt(most)) {
    throw new Pkcs11AnswerError("C_WrapKey", `${found} bytes`, `${most} at most`);
  }
  return wrapped.subarray(0, Number(found));
}

export interface WrappedKey {
  readonly wrapped: Uint8Array;
  readonly unwrappingKey: ObjectHandle;
}

export async function unwrapKey(
  { calls, handle }: Session,
  mechanism: Mechanism,
  { wrapped, unwrappingKey }: WrappedKey,
  attributes: readonly Attribute[],
): Promise<ObjectHandle> {
  using arena = new Arena();
  const { bytes, count } = layTemplate(arena, attributes);
  const key = new BigUint64Array(1);
  const result = await calls.C_UnwrapKey(
    handle,
    layMechanism(arena, mechanism),
    unwrappingKey,
    asBuffer(wrapped),
    BigInt(wrapped.length),
    bytes,
    count,
    key,
  );
  check("C_UnwrapKey", result);
  return handleAt("C_UnwrapKey", key);
}

export async function deriveKey(
  { calls, handle }: Session,
  mechanism: Mechanism,
  baseKey: ObjectHandle,
  attributes: readonly Attribute[],
): Promise<ObjectHandle> {
  using arena = new Arena();
  const { bytes, count } = layTemplate(arena, attributes);
  const laid = layMechanism(arena, mechanism);
  const key = new BigUint64Array(1);
  check("C_DeriveKey", await calls.C_DeriveKey(handle, laid, baseKey, bytes, count, key));
  return handleAt("C_DeriveKey", key);
}
