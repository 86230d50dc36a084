/**
 * CertifyKey (opcode 0x8000_0005): A statement by the attestation key that the device has a key, and of which kind.
 *
 * Source: contract `proto/extensions/certify_key.proto`.
 */
import { certify_key } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  /** Goes into the statement. */
  readonly nonce: Uint8Array;
}

export interface Result {
  /** TPMS_ATTEST */
  readonly statement: Uint8Array;
  /** TPMT_SIGNATURE */
  readonly signature: Uint8Array;
  /** TPMT_PUBLIC of the key. */
  readonly public: Uint8Array;
}

export const certifyKey: Codec<Operation, Result> = defineCodec(certify_key, {
  decodeOperation: (wire) => ({ keyName: wire.key_name, nonce: wire.nonce }),
  encodeOperation: (operation) => ({ key_name: operation.keyName, nonce: operation.nonce }),
  decodeResult: (wire) => ({
    statement: wire.statement,
    signature: wire.signature,
    public: wire.public,
  }),
  encodeResult: (result) => ({
    statement: result.statement,
    signature: result.signature,
    public: result.public,
  }),
});
