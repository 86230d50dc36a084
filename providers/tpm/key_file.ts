/** Which key files can be adopted: keys below the owner's storage key, or below a persistent object. */
import type { OuterWrapped, WrappedObject } from "../../ffi/tss2/mod.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { handleName, isPersistentHandle } from "./persistent_object.ts";
import { invalidArgument, notSupported } from "./refusals.ts";
import type { TpmRegistry } from "./registry.ts";
import type { RootKeyKind } from "./root_key.ts";
import { decodeTss2Key, OWNER_PARENT, type Tss2Key } from "./tss2_key.ts";

/** The root key of ours that is the owner's storage key. */
export const OWNER_ROOT: RootKeyKind = "ecc-p256";

/** The most that tpm2-tss takes, bytes: TPMT_PUBLIC, TPM2B_PRIVATE, TPM2B_ENCRYPTED_SECRET. */
const MOST = { publicArea: 612, wrapped: 1550, secret: 512 } as const;

interface Parent {
  /** {@linkcode OWNER_ROOT}, or a persistent handle. */
  readonly parent: "owner" | number;
  /** TPMT_PUBLIC */
  readonly publicArea: Uint8Array<ArrayBuffer>;
}

/** One that the parent has wrapped, or one that was encrypted for it. */
export type KeyFile = Parent & (WrappedObject | OuterWrapped);

/**
 * @throws {StatusError} PsaErrorInvalidArgument if it is no key file, PsaErrorNotSupported if its key, or the parent
 * of it, is of another kind.
 */
export function readKeyFile(pem: string, registry: TpmRegistry): KeyFile {
  const key = decode(pem);
  if (key.type === "sealed") throw unserved("it has sealed data, wanted a key");
  const { publicArea, wrapped, secret } = key;
  if (
    publicArea.length > MOST.publicArea || wrapped.length > MOST.wrapped ||
    (secret?.length ?? 0) > MOST.secret
  ) throw invalidArgument("Cannot read a TPM key file: a part of it is longer than any");
  const common = { parent: parentOf(key, registry), publicArea };
  return secret === undefined
    ? { ...common, wrapped }
    : { ...common, duplicate: wrapped, seed: secret };
}

function decode(pem: string): Tss2Key {
  try {
    return decodeTss2Key(pem);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidArgument(error.message, error);
  }
}

function parentOf({ parent, hasRsaParent }: Tss2Key, registry: TpmRegistry): Parent["parent"] {
  if (isPersistentHandle(parent)) return parent;
  if (parent !== OWNER_PARENT) {
    throw unserved(
      `its parent is ${handleName(parent)}, wanted the owner's storage key or a persistent object`,
    );
  }
  if (hasRsaParent) throw unserved("its parent is an RSA storage key, wanted the one on P-256");
  const type = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
  if (registry.keySupport(type, 256) === undefined) {
    throw unserved("its parent is a key on P-256, which the TPM does not have");
  }
  return "owner";
}

function unserved(why: string) {
  return notSupported(`Cannot adopt the key file: ${why}`);
}
