/** Keys that are plain bytes: AES, ChaCha20, HMAC, derivation, raw data. */
import { CKA, generateKey } from "../../ffi/pkcs11/mod.ts";
import { Secret } from "../../ffi/runtime/secret.ts";
import { isKeySize } from "../../src/psa/key_sizes.ts";
import type { NewKey } from "../../src/provider.ts";
import { keyTypeRow } from "./algorithms.ts";
import { exportKey, type KeyReader } from "./key_export.ts";
import type { KeyFamily } from "./key_family.ts";
import { invalidArgument, notSupported, wrongAnswer } from "./refusals.ts";
import type { Pkcs11Registry } from "./registry.ts";
import { restricted } from "./restriction.ts";
import { importSecretly } from "./secret_import.ts";
import { kindAttributes, secretAttributes } from "./templates.ts";

export function secretKeys(registry: Pkcs11Registry): KeyFamily {
  return {
    async generate({ session }, key) {
      const { type, bits } = key.attributes;
      const mechanism = keyTypeRow(type.kind)?.generation;
      if (mechanism === undefined) throw notSupported(`Cannot generate a key of type ${type.kind}`);
      const template = [
        ...kindAttributes("SECRET_KEY", key.attributes),
        ...secretAttributes(key, registry),
        ...(type.kind === "chacha20" ? [] : [{ type: CKA.VALUE_LEN, value: bits / 8 }]),
      ];
      await restricted(
        key,
        registry,
        (restriction) => generateKey(session, { type: mechanism }, [...template, ...restriction]),
      );
    },
    accept(key, data) {
      const bits = checkedBits(key, data);
      const secret = new Secret(new Uint8Array(data));
      return Promise.resolve({
        bits,
        create: (session) =>
          importSecretly(session, registry, key, {
            kind: kindAttributes("SECRET_KEY", key.attributes),
            attributes: secretAttributes(key, registry),
            parts: [{ type: CKA.VALUE, value: secret.expose() }],
            encode: () => secret.expose().slice(),
          }),
        [Symbol.dispose]: () => secret[Symbol.dispose](),
      });
    },
    async exportKey({ session, objects }, key) {
      const object = await objects.find(session, key.id, "SECRET_KEY");
      const value = await exportKey(session, registry, object, READER);
      const length = key.attributes.bits / 8;
      if (value.length === length) return value;
      value.fill(0);
      throw wrongAnswer(`Cannot export the key: found ${value.length} bytes, wanted ${length}`);
    },
  };
}

const READER: KeyReader = {
  parts: [CKA.VALUE],
  fromParts: (values) => values.get(CKA.VALUE) ?? new Uint8Array(),
  fromWrapped: (plain) => plain,
};

function checkedBits({ attributes: { type, bits } }: NewKey, data: Uint8Array): number {
  const found = data.length * 8;
  if ((bits === 0 || bits === found) && isKeySize(type, found)) return found;
  throw invalidArgument(`Cannot import ${type.kind}: found ${found} bits, wanted ${bits}`);
}
