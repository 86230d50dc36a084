/** Mechanisms and their parameters, laid out for one call. */
import { addressOf, type Arena } from "../runtime/arena.ts";
import { CKD, CKZ } from "./constants.ts";
import {
  CK_AES_CTR_PARAMS,
  CK_CCM_PARAMS,
  CK_ECDH1_DERIVE_PARAMS,
  CK_GCM_PARAMS,
  CK_MECHANISM,
  CK_RSA_PKCS_OAEP_PARAMS,
  CK_RSA_PKCS_PSS_PARAMS,
  CK_SALSA20_CHACHA20_POLY1305_PARAMS,
} from "./types.ts";

/** What a mechanism is told. Lengths are in bytes. */
export type MechanismParameter =
  /** An initialisation vector: CBC, OFB, CFB. */
  | { readonly kind: "iv"; readonly iv: Uint8Array }
  /** The length of a shortened MAC: the `_GENERAL` mechanisms. */
  | { readonly kind: "length"; readonly length: number }
  | {
    readonly kind: "pss";
    /** CKM_* */
    readonly hash: number;
    /** CKG_* */
    readonly mgf: number;
    readonly saltLength: number;
  }
  | {
    readonly kind: "oaep";
    readonly hash: number;
    readonly mgf: number;
    readonly label: Uint8Array;
  }
  | { readonly kind: "ecdh1"; readonly publicData: Uint8Array }
  | { readonly kind: "ctr"; readonly counterBits: number; readonly block: Uint8Array }
  | {
    readonly kind: "gcm";
    readonly nonce: Uint8Array;
    readonly additionalData: Uint8Array;
    readonly tagLength: number;
  }
  | {
    readonly kind: "ccm";
    readonly nonce: Uint8Array;
    readonly additionalData: Uint8Array;
    readonly tagLength: number;
    /** Of the plaintext. */
    readonly dataLength: number;
  }
  | {
    readonly kind: "chacha20_poly1305";
    readonly nonce: Uint8Array;
    readonly additionalData: Uint8Array;
  };

export interface Mechanism {
  /** CKM_* */
  readonly type: number;
  readonly parameter?: MechanismParameter | undefined;
}

/** A CK_MECHANISM; all it points at lives in the arena. */
export function layMechanism(
  arena: Arena,
  { type, parameter }: Mechanism,
): Uint8Array<ArrayBuffer> {
  const memory = parameter === undefined ? undefined : layParameter(arena, parameter);
  return hold(
    arena,
    CK_MECHANISM.encode({
      mechanism: BigInt(type),
      pParameter: memory === undefined ? null : pointerTo(memory),
      ulParameterLen: BigInt(memory?.length ?? 0),
    }),
  );
}

function layParameter(arena: Arena, parameter: MechanismParameter): Uint8Array<ArrayBuffer> {
  switch (parameter.kind) {
    case "iv":
      return arena.copy(parameter.iv);
    case "length":
      return arena.copy(new Uint8Array(BigUint64Array.of(BigInt(parameter.length)).buffer));
    case "pss":
      return hold(
        arena,
        CK_RSA_PKCS_PSS_PARAMS.encode({
          hashAlg: BigInt(parameter.hash),
          mgf: BigInt(parameter.mgf),
          sLen: BigInt(parameter.saltLength),
        }),
      );
    case "oaep": {
      const label = optional(arena, parameter.label);
      return hold(
        arena,
        CK_RSA_PKCS_OAEP_PARAMS.encode({
          hashAlg: BigInt(parameter.hash),
          mgf: BigInt(parameter.mgf),
          source: BigInt(CKZ.DATA_SPECIFIED),
          pSourceData: label.pointer,
          ulSourceDataLen: label.length,
        }),
      );
    }
    case "ecdh1": {
      const point = optional(arena, parameter.publicData);
      return hold(
        arena,
        CK_ECDH1_DERIVE_PARAMS.encode({
          kdf: BigInt(CKD.NULL),
          ulSharedDataLen: 0n,
          pSharedData: null,
          ulPublicDataLen: point.length,
          pPublicData: point.pointer,
        }),
      );
    }
    case "ctr":
      return hold(
        arena,
        CK_AES_CTR_PARAMS.encode({
          ulCounterBits: BigInt(parameter.counterBits),
          cb: parameter.block,
        }),
      );
    case "gcm": {
      const nonce = optional(arena, parameter.nonce);
      const additional = optional(arena, parameter.additionalData);
      return hold(
        arena,
        CK_GCM_PARAMS.encode({
          pIv: nonce.pointer,
          ulIvLen: nonce.length,
          ulIvBits: nonce.length * 8n,
          pAAD: additional.pointer,
          ulAADLen: additional.length,
          ulTagBits: BigInt(parameter.tagLength * 8),
        }),
      );
    }
    case "ccm": {
      const nonce = optional(arena, parameter.nonce);
      const additional = optional(arena, parameter.additionalData);
      return hold(
        arena,
        CK_CCM_PARAMS.encode({
          ulDataLen: BigInt(parameter.dataLength),
          pNonce: nonce.pointer,
          ulNonceLen: nonce.length,
          pAAD: additional.pointer,
          ulAADLen: additional.length,
          ulMACLen: BigInt(parameter.tagLength),
        }),
      );
    }
    case "chacha20_poly1305": {
      const nonce = optional(arena, parameter.nonce);
      const additional = optional(arena, parameter.additionalData);
      return hold(
        arena,
        CK_SALSA20_CHACHA20_POLY1305_PARAMS.encode({
          pNonce: nonce.pointer,
          ulNonceLen: nonce.length,
          pAAD: additional.pointer,
          ulAADLen: additional.length,
        }),
      );
    }
  }
}

interface Bytes {
  readonly pointer: Deno.PointerValue;
  readonly length: bigint;
}

/** NULL for no bytes: SoftHSM refuses an address with a length of 0. */
function optional(arena: Arena, bytes: Uint8Array): Bytes {
  if (bytes.length === 0) return { pointer: null, length: 0n };
  return { pointer: pointerTo(arena.copy(bytes)), length: BigInt(bytes.length) };
}

/** Moves a struct into the arena, where it stays until the call is over. */
function hold(arena: Arena, struct: Uint8Array): Uint8Array<ArrayBuffer> {
  return arena.copy(struct);
}

function pointerTo(memory: Uint8Array): Deno.PointerValue {
  return Deno.UnsafePointer.create(addressOf(memory));
}
