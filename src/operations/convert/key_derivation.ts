/**
 * Key derivations to and from the wire (contract `proto/extensions/psa_key_derivation.proto`).
 */
import type { psa_key_derivation } from "../../../proto/generated/contracts.js";
import type { Agreement, Algorithm } from "../../psa/algorithm.ts";
import { derivationAlgorithm, type DerivationInputs } from "../../psa/key_derivation.ts";
import { decodeAgreement, decodeHash } from "./algorithm.ts";
import { mandatory, oneof } from "./wire_value.ts";

/** A key of type "derive", or what a private key and a peer's public key agree on. */
export type DerivationSecret =
  | { readonly kind: "key"; readonly keyName: string }
  | {
    readonly kind: "agreement";
    readonly agreement: Agreement;
    readonly privateKeyName: string;
    /** In the PSA export format. */
    readonly peerKey: Uint8Array;
  };

export interface Derivation {
  readonly secret: DerivationSecret;
  readonly inputs: DerivationInputs;
}

/** The name of the key that the secret comes from. */
export function secretKeyName({ secret }: Derivation): string {
  return secret.kind === "key" ? secret.keyName : secret.privateKeyName;
}

/** The algorithm that the policy of this key must permit. */
export function secretKeyAlgorithm({ secret, inputs }: Derivation): Algorithm {
  const derivation = derivationAlgorithm(inputs);
  if (secret.kind === "key") return derivation;
  return { kind: "key_agreement_with_derivation", agreement: secret.agreement, derivation };
}

type Wire = psa_key_derivation.Derivation;
type WireSecret = psa_key_derivation.Secret;
type WireInputs = psa_key_derivation.Inputs;

const decodeSecret = oneof<WireSecret, DerivationSecret>("secret of a derivation", {
  key_name: (keyName) => ({ kind: "key", keyName }),
  agreement: (m) => ({
    kind: "agreement",
    agreement: decodeAgreement(m.alg),
    privateKeyName: m.private_key_name,
    peerKey: m.peer_key,
  }),
});

function encodeSecret(secret: DerivationSecret): WireSecret {
  if (secret.kind === "key") return { key_name: secret.keyName };
  return {
    agreement: {
      alg: secret.agreement,
      private_key_name: secret.privateKeyName,
      peer_key: secret.peerKey,
    },
  };
}

const decodeInputs = oneof<WireInputs, DerivationInputs>("inputs of a derivation", {
  hkdf: (m) => ({ kind: "hkdf", hash: decodeHash(m.hash_alg), salt: m.salt, info: m.info }),
  tls12_prf: (m) => ({
    kind: "tls12_prf",
    hash: decodeHash(m.hash_alg),
    label: m.label,
    seed: m.seed,
  }),
  tls12_psk_to_ms: (m) => ({
    kind: "tls12_psk_to_ms",
    hash: decodeHash(m.hash_alg),
    label: m.label,
    seed: m.seed,
  }),
});

function encodeInputs(inputs: DerivationInputs): WireInputs {
  switch (inputs.kind) {
    case "hkdf":
      return { hkdf: { hash_alg: inputs.hash, salt: inputs.salt, info: inputs.info } };
    case "tls12_prf":
      return { tls12_prf: { hash_alg: inputs.hash, label: inputs.label, seed: inputs.seed } };
    case "tls12_psk_to_ms":
      return { tls12_psk_to_ms: { hash_alg: inputs.hash, label: inputs.label, seed: inputs.seed } };
  }
}

/** @throws {StatusError} InvalidEncoding if it or a part of it is absent or has no meaning. */
export function decodeDerivation(message: Wire | null | undefined): Derivation {
  const wire = mandatory(message, "derivation");
  return { secret: decodeSecret(wire.secret), inputs: decodeInputs(wire.inputs) };
}

export function encodeDerivation({ secret, inputs }: Derivation): Wire {
  return { secret: encodeSecret(secret), inputs: encodeInputs(inputs) };
}
