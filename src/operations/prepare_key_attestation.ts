/**
 * PrepareKeyAttestation (opcode 0x001f): First half of the ActivateCredential attestation: what
 * the credential must be made for.
 *
 * Source: Parsec book, "Operations"; contract `proto/prepare_key_attestation.proto`.
 */
import { prepare_key_attestation } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { oneof } from "./convert/wire_value.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly attestedKeyName: string;
  readonly attestingKeyName: string;
}

export interface Result {
  readonly name: Uint8Array;
  readonly public: Uint8Array;
  readonly attestingKeyPub: Uint8Array;
}

type Params = prepare_key_attestation.PrepareKeyAttestationParams;
type Output = prepare_key_attestation.PrepareKeyAttestationOutput;

const decodeParams = oneof<Params, Operation>("attestation mechanism", {
  activate_credential: (wire) => ({
    attestedKeyName: wire.attested_key_name,
    attestingKeyName: wire.attesting_key_name,
  }),
});

const decodeOutput = oneof<Output, Result>("attestation mechanism", {
  activate_credential: (wire) => ({
    name: wire.name,
    public: wire.public,
    attestingKeyPub: wire.attesting_key_pub,
  }),
});

export const prepareKeyAttestation: Codec<Operation, Result> = defineCodec(
  prepare_key_attestation,
  {
    decodeOperation: (wire) => decodeParams(wire.parameters),
    encodeOperation: (operation) => ({
      parameters: {
        activate_credential: {
          attested_key_name: operation.attestedKeyName,
          attesting_key_name: operation.attestingKeyName,
        },
      },
    }),
    decodeResult: (wire) => decodeOutput(wire.output),
    encodeResult: (result) => ({
      output: {
        activate_credential: {
          name: result.name,
          public: result.public,
          attesting_key_pub: result.attestingKeyPub,
        },
      },
    }),
  },
);
