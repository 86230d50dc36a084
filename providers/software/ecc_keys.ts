/** Elliptic curve keys, of all curves. */
import { type Curve, isSoundPublicKey, type PKey } from "../../ffi/libcrypto/mod.ts";
import type { Semaphore } from "../../ffi/runtime/semaphore.ts";
import { andThen, type MaybePromise } from "../../src/maybe_promise.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import type { Draw } from "./key_derivation.ts";
import type { KeyFamily, Material } from "./key_family.ts";
import { AsymmetricKey } from "./loaded_key.ts";
import { invalidArgument } from "./refusals.ts";
import type { AvailableCurve } from "./available.ts";
import type { SoftwareRegistry } from "./registry.ts";

export function eccKeys(registry: SoftwareRegistry, elsewhere: Semaphore): KeyFamily {
  return {
    generate(type, bits) {
      const { curve, quick } = registry.curve(type, bits);
      const made = quick ? curve.generate() : elsewhere.run(() => curve.generateElsewhere());
      return andThen(made, (pair): Material => {
        using key = pair;
        return { bytes: curve.exportPrivate(key), bits };
      });
    },
    derive(type, bits, draw) {
      const { curve } = registry.curve(type, bits);
      return { bytes: derivedPrivate(curve, draw), bits };
    },
    accept(type, bits, data) {
      const found = bits === 0
        ? registry.curveOfLength(type, data.length)
        : registry.curve(type, bits);
      return isPublicKey(type) ? acceptPublic(found, data, elsewhere) : acceptPrivate(found, data);
    },
    load(type, bits, material) {
      const { curve } = registry.curve(type, bits);
      return new AsymmetricKey(
        isPublicKey(type) ? publicKeyOf(curve, material) : curve.keyPair(material),
      );
    },
    exportPublic: (type, bits, key) => registry.curve(type, bits).curve.exportPublic(key),
  };
}

/** One candidate after the other until one is a private key; at least half of them are. */
function derivedPrivate(curve: Curve, draw: Draw): Uint8Array {
  for (;;) {
    const candidate = draw(curve.candidateBytes);
    const key = curve.derivePrivate(candidate);
    candidate.fill(0);
    if (key !== undefined) return key;
  }
}

function acceptPrivate({ curve, bits }: AvailableCurve, data: Uint8Array): Material {
  const bytes = curve.normalisePrivate(data);
  if (bytes !== undefined) return { bytes, bits };
  throw invalidArgument(
    `Cannot import a private key: found ${data.length} bytes, ` +
      `wanted a scalar of ${curve.scalarBytes} below the order of the curve`,
  );
}

function acceptPublic(
  available: AvailableCurve,
  data: Uint8Array,
  elsewhere: Semaphore,
): MaybePromise<Material> {
  const { bits } = available;
  return andThen(soundPublicKey(available, data, elsewhere), (checked) => {
    checked[Symbol.dispose]();
    return { bytes: new Uint8Array(data), bits };
  });
}

/**
 * A public key from outside, checked: on the curve, and in the right subgroup where there are others.
 *
 * @throws {StatusError} PsaErrorInvalidArgument
 */
export function soundPublicKey(
  { curve }: AvailableCurve,
  data: Uint8Array,
  elsewhere: Semaphore,
): MaybePromise<PKey> {
  const key = publicKeyOf(curve, data);
  return curve.hasCofactor ? inSubgroup(key, elsewhere) : key;
}

async function inSubgroup(key: PKey, elsewhere: Semaphore): Promise<PKey> {
  using stack = new DisposableStack();
  stack.use(key);
  if (!await elsewhere.run(() => isSoundPublicKey(key))) {
    throw invalidArgument("Cannot use a public key: found a point outside of the subgroup");
  }
  stack.move();
  return key;
}

function publicKeyOf(curve: Curve, data: Uint8Array): PKey {
  const key = curve.publicKey(data);
  if (key !== undefined) return key;
  throw invalidArgument(
    `Cannot use a public key: found ${data.length} bytes, ` +
      `wanted the ${curve.publicBytes} of a point on its curve`,
  );
}
