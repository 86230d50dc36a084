/** PsaDeriveBytes, and the bytes that derived keys are made of. */
import type { Param } from "../../ffi/libcrypto/mod.ts";
import { andThen, type MaybePromise } from "../../src/maybe_promise.ts";
import type { Derivation } from "../../src/operations/convert/key_derivation.ts";
import { derivationCapacity, type DerivationInputs } from "../../src/psa/key_derivation.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import type { Engine } from "./engine.ts";
import { agreedSecret } from "./key_agreement.ts";
import { premasterSecret } from "./premaster_secret.ts";
import { insufficientData } from "./refusals.ts";

/**
 * The next bytes of a derivation; the caller wipes them.
 *
 * @param length Bytes, 1 or more.
 * @throws {StatusError} PsaErrorInsufficientData once there are no more.
 */
export type Draw = (length: number) => Uint8Array<ArrayBuffer>;

/** Starts a derivation and lets `use` draw from it, no longer than until it returns. */
export type DrawFrom = <T>(
  from: Key,
  derivation: Derivation,
  use: (draw: Draw) => T,
) => MaybePromise<T>;

export function derivationPrimitives(
  engine: Engine,
): Required<Pick<Primitives, "PsaDeriveBytes">> {
  const drawFrom = derivations(engine);
  return {
    PsaDeriveBytes: (key, { derivation, outputLength }) =>
      drawFrom(key, derivation, (draw) => ({ output: draw(outputLength) })),
  };
}

export function derivations(engine: Engine): DrawFrom {
  return (from, { secret, inputs }, use) => {
    if (secret.kind === "key") {
      return use(drawing(engine, inputs, engine.cache.symmetric(from).expose()));
    }
    return andThen(agreedSecret(engine, from, secret.agreement, secret.peerKey), (agreed) => {
      try {
        return use(drawing(engine, inputs, agreed));
      } finally {
        agreed.fill(0);
      }
    });
  };
}

/**
 * Draws at once: the most that a derivation gives takes about as long as a hash of 64 KiB.
 *
 * libcrypto's functions always start from the beginning: what was drawn before is derived again.
 */
function drawing(engine: Engine, inputs: DerivationInputs, secret: Uint8Array): Draw {
  const capacity = derivationCapacity(inputs.hash);
  let drawn = 0;
  return (length) => {
    if (drawn + length > capacity) {
      throw insufficientData(`Cannot derive a key: ${capacity} bytes do not suffice`);
    }
    const bytes = derive(engine, inputs, secret, drawn + length);
    bytes.fill(0, 0, drawn);
    const next = bytes.subarray(drawn);
    drawn += length;
    return next;
  };
}

function derive(
  { registry }: Engine,
  inputs: DerivationInputs,
  secret: Uint8Array,
  length: number,
): Uint8Array<ArrayBuffer> {
  const kdf = registry.kdf(inputs.kind);
  const digest = { key: "digest", text: registry.digest(inputs.hash).name };
  switch (inputs.kind) {
    case "hkdf": {
      const params = [digest, { key: "key", bytes: secret }, ...hkdfInputs(inputs)];
      return kdf.derive(params, length);
    }
    case "tls12_prf":
      return kdf.derive([digest, { key: "secret", bytes: secret }, ...prfInputs(inputs)], length);
    case "tls12_psk_to_ms": {
      using premaster = premasterSecret(secret);
      const bytes = premaster.expose();
      return kdf.derive([digest, { key: "secret", bytes }, ...prfInputs(inputs)], length);
    }
  }
}

/** An empty input is the same as none (RFC 5869, section 2.2). */
function hkdfInputs(
  { salt, info }: Extract<DerivationInputs, { readonly kind: "hkdf" }>,
): readonly Param[] {
  return [{ key: "salt", bytes: salt }, { key: "info", bytes: info }]
    .filter(({ bytes }) => bytes.length > 0);
}

/** The label is what the seed begins with; libcrypto joins the parts. */
function prfInputs(
  { label, seed }: Extract<DerivationInputs, { readonly seed: Uint8Array }>,
): readonly Param[] {
  return [{ key: "seed", bytes: label }, { key: "seed", bytes: seed }];
}
