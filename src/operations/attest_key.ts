/**
 * AttestKey (opcode 0x001e): Second half of the ActivateCredential attestation: the credential,
 * decrypted by the TPM.
 *
 * Source: Parsec book, "Operations"; contract `proto/attest_key.proto`.
 */
import { attest_key } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { oneof } from "./convert/wire_value.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly attestedKeyName: string;
  readonly attestingKeyName: string;
  readonly credentialBlob: Uint8Array;
  readonly secret: Uint8Array;
}

export interface Result {
  readonly credential: Uint8Array;
}

type Params = attest_key.AttestationMechanismParams;
type Output = attest_key.AttestationOutput;

const decodeParams = oneof<Params, Pick<Operation, "credentialBlob" | "secret">>(
  "attestation mechanism",
  {
    activate_credential: (wire) => ({
      credentialBlob: wire.credential_blob,
      secret: wire.secret,
    }),
  },
);

const decodeOutput = oneof<Output, Result>("attestation mechanism", {
  activate_credential: (wire) => ({ credential: wire.credential }),
});

export const attestKey: Codec<Operation, Result> = defineCodec(attest_key, {
  decodeOperation: (wire) => ({
    attestedKeyName: wire.attested_key_name,
    attestingKeyName: wire.attesting_key_name,
    ...decodeParams(wire.parameters),
  }),
  encodeOperation: (operation) => ({
    attested_key_name: operation.attestedKeyName,
    parameters: {
      activate_credential: {
        credential_blob: operation.credentialBlob,
        secret: operation.secret,
      },
    },
    attesting_key_name: operation.attestingKeyName,
  }),
  decodeResult: (wire) => decodeOutput(wire.output),
  encodeResult: (result) => ({
    output: { activate_credential: { credential: result.credential } },
  }),
});
