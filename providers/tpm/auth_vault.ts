/** Seals the auth values of keys, each bound to the key that it belongs to. */
import { Secret } from "../../ffi/runtime/secret.ts";
import type { KeyIdentity } from "../../src/key_info/key_info_manager.ts";
import { damagedKey } from "./refusals.ts";
import { seal, unseal } from "./sealing.ts";

/** Bytes; as long as the hash of the TPM's names, more is refused. */
export const AUTH_LENGTH = 32;

const ENCODER = new TextEncoder();
const CONTEXT_FORM = 1;

export class AuthVault implements Disposable {
  readonly #key: Secret;

  /** Owns the key from here on. */
  constructor(key: Secret) {
    this.#key = key;
  }

  /** A new auth value. */
  newAuth(): Secret {
    return new Secret(crypto.getRandomValues(new Uint8Array(AUTH_LENGTH)));
  }

  /** @param publicArea TPMT_PUBLIC of the key; of an adopted one, all that its id says besides. */
  seal(identity: KeyIdentity, publicArea: Uint8Array, auth: Uint8Array): Uint8Array<ArrayBuffer> {
    return seal(this.#key.expose(), contextOf(identity, publicArea), auth);
  }

  /** @throws {StatusError} PsaErrorDataCorrupt if it was not sealed for this key. */
  unseal(identity: KeyIdentity, publicArea: Uint8Array, sealed: Uint8Array): Secret {
    const auth = unseal(this.#key.expose(), contextOf(identity, publicArea), sealed);
    if (auth !== undefined) return new Secret(auth);
    throw damagedKey("Cannot read a TPM key: what is stored was not stored for this key");
  }

  [Symbol.dispose](): void {
    this.#key[Symbol.dispose]();
  }
}

/**
 * The form (1 byte), the auth type (1 byte), then application name, provider UUID, provider name, key name and
 * public area, each after its length in bytes (4, big-endian): no two keys have the same.
 */
function contextOf(
  { application, provider, keyName }: KeyIdentity,
  publicArea: Uint8Array,
): Uint8Array {
  const texts = [application.name, provider.uuid, provider.name, keyName];
  const parts = [...texts.map((text) => ENCODER.encode(text)), publicArea];
  const context = new Uint8Array(parts.reduce((length, part) => length + 4 + part.length, 2));
  const view = new DataView(context.buffer);
  view.setUint8(0, CONTEXT_FORM);
  view.setUint8(1, application.authType);
  let at = 2;
  for (const part of parts) {
    view.setUint32(at, part.length);
    context.set(part, at + 4);
    at += 4 + part.length;
  }
  return context;
}
