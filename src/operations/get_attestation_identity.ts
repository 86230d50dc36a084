/**
 * GetAttestationIdentity (opcode 0x8000_0003): Who attests: the device's attestation key, and the endorsement key
 * that vouches for it.
 *
 * Source: contract `proto/extensions/get_attestation_identity.proto`.
 */
import { get_attestation_identity } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec, limited } from "./define_codec.ts";

export type Operation = Readonly<Record<string, never>>;

export interface Result {
  /** TPMT_PUBLIC */
  readonly attestationKey: Uint8Array;
  /** TPMT_PUBLIC */
  readonly endorsementKey: Uint8Array;
  /** X.509 in DER: the endorsement key's first, then its issuers'. Empty where the TPM has none. */
  readonly endorsementCertificates: readonly Uint8Array[];
}

export const getAttestationIdentity: Codec<Operation, Result> = defineCodec(
  get_attestation_identity,
  {
    decodeOperation: () => ({}),
    encodeOperation: () => ({}),
    decodeResult: (wire) => ({
      attestationKey: wire.attestation_key,
      endorsementKey: wire.endorsement_key,
      endorsementCertificates: limited(wire.endorsement_certificates),
    }),
    encodeResult: (result) => ({
      attestation_key: result.attestationKey,
      endorsement_key: result.endorsementKey,
      endorsement_certificates: result.endorsementCertificates,
    }),
  },
);
