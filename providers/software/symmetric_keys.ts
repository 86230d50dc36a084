/** Keys that are plain bytes: raw data, HMAC, derivation, block and stream ciphers. */
import { type Libcrypto, secretRandomBytes } from "../../ffi/libcrypto/mod.ts";
import { isKeySize } from "../../src/psa/key_sizes.ts";
import type { KeyFamily } from "./key_family.ts";
import { SymmetricKey } from "./loaded_key.ts";
import { invalidArgument, notSupported } from "./refusals.ts";

export function symmetricKeys(library: Libcrypto): KeyFamily {
  return {
    generate(type, bits) {
      const bytes = secretRandomBytes(library, bits / 8);
      if (type.kind === "des") bytes.forEach((byte, i) => bytes[i] = withOddParity(byte));
      return { bytes, bits };
    },
    derive({ kind }, bits, draw) {
      // PSA has parity and weak keys to look after; nobody should make such keys any more.
      if (kind === "des") throw notSupported("Cannot derive a key of type des");
      return { bytes: draw(bits / 8), bits };
    },
    accept(type, bits, data) {
      const found = data.length * 8;
      if ((bits !== 0 && bits !== found) || !isKeySize(type, found)) {
        throw invalidArgument(`Cannot import ${type.kind}: found ${found} bits, wanted ${bits}`);
      }
      return { bytes: new Uint8Array(data), bits: found };
    },
    load: (_type, _bits, material) => new SymmetricKey(library.memory.copy(material)),
  };
}

/** The lowest bit of each byte of a DES key makes the number of its ones odd (FIPS 46-3). */
function withOddParity(byte: number): number {
  let ones = 0;
  for (let rest = byte >> 1; rest > 0; rest >>= 1) ones ^= rest & 1;
  return (byte & 0xfe) | (ones ^ 1);
}
