/**
 * ActivateAttestationKey (opcode 0x8000_0004): Opens a credential that was made for the attestation key and the
 * endorsement key: only the TPM that has both can.
 *
 * Source: contract `proto/extensions/activate_attestation_key.proto`.
 */
import { activate_attestation_key } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  /** TPMS_ID_OBJECT */
  readonly credentialBlob: Uint8Array;
  /** TPM2B_ENCRYPTED_SECRET without its size. */
  readonly secret: Uint8Array;
}

export interface Result {
  readonly credential: Uint8Array;
}

export const activateAttestationKey: Codec<Operation, Result> = defineCodec(
  activate_attestation_key,
  {
    decodeOperation: (wire) => ({ credentialBlob: wire.credential_blob, secret: wire.secret }),
    encodeOperation: (operation) => ({
      credential_blob: operation.credentialBlob,
      secret: operation.secret,
    }),
    decodeResult: (wire) => ({ credential: wire.credential }),
    encodeResult: (result) => ({ credential: result.credential }),
  },
);
