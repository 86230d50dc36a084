/**
 * PsaRawKeyAgreement (opcode 0x0013): Agrees on a shared secret with a peer's public key in the
 * PSA export format.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_raw_key_agreement.proto`.
 */
import { psa_raw_key_agreement } from "../../proto/generated/contracts.js";
import type { RawKeyAgreement } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeAgreement } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly alg: RawKeyAgreement;
  readonly privateKeyName: string;
  readonly peerKey: Uint8Array;
}

export interface Result {
  readonly sharedSecret: Uint8Array;
}

export const psaRawKeyAgreement: Codec<Operation, Result> = defineCodec(psa_raw_key_agreement, {
  decodeOperation: (wire) => ({
    alg: { kind: "raw_key_agreement", agreement: decodeAgreement(wire.alg) },
    privateKeyName: wire.private_key_name,
    peerKey: wire.peer_key,
  }),
  encodeOperation: (operation) => ({
    alg: operation.alg.agreement,
    private_key_name: operation.privateKeyName,
    peer_key: operation.peerKey,
  }),
  decodeResult: (wire) => ({ sharedSecret: wire.shared_secret }),
  encodeResult: (result) => ({ shared_secret: result.sharedSecret }),
});
