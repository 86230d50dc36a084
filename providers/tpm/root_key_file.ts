/** The file of a root key that is sealed to a TPM: a TPM key file, with the name of its parent before it. */
import { dirname } from "node:path";
import { decodePublicArea, type WrappedObject } from "../../ffi/tss2/mod.ts";
import type { Logger } from "../../src/log.ts";
import { removeDurably, writeDurably } from "../../src/storage/durable_file.ts";
import { ensureFolder } from "../../src/storage/folder.ts";
import { asStorageError } from "../../src/storage/open_refusal.ts";
import { damaged } from "./root_key_refusals.ts";
import { decodeTss2Key, encodeTss2Key, OWNER_PARENT } from "./tss2_key.ts";

export interface SealedRootKey extends WrappedObject {
  /** TPM2B_NAME of the key that it is sealed under, its contents. */
  readonly parentName: Uint8Array;
  /** The digest; empty where there is none. */
  readonly policy: Uint8Array;
}

/** @throws {StorageError} {TpmSetupError} If it can't be used. */
export function readSealedRootKey(path: string): SealedRootKey | undefined {
  let text;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw asStorageError("root key", path, error);
  }
  try {
    const key = decodeTss2Key(text);
    const { authPolicy: policy } = decodePublicArea(key.publicArea);
    return { ...key, policy, parentName: parentNameIn(text) };
  } catch (cause) {
    throw damaged(path, cause);
  }
}

/** Text may be before what is in PEM (RFC 7468, section 2). */
function parentNameIn(text: string): Uint8Array {
  const [, name] = text.match(/^Parent: ([0-9a-f]{68})$/m) ?? [];
  if (name === undefined) {
    throw new RangeError("Cannot read a sealed root key: no name of a parent");
  }
  return Uint8Array.fromHex(name);
}

/** @throws {StorageError} */
export function writeSealedRootKey(
  path: string,
  { parentName, ...sealed }: Omit<SealedRootKey, "policy">,
  log: Logger,
): void {
  const pem = encodeTss2Key({ type: "sealed", emptyAuth: true, parent: OWNER_PARENT, ...sealed });
  const text = `Parent: ${parentName.toHex()}\n${pem}`;
  storing(path, () => {
    ensureFolder(dirname(path), log);
    writeDurably(path, new TextEncoder().encode(text));
  });
}

/** That there is none is no error. @throws {StorageError} */
export function removeSealedRootKey(path: string): void {
  storing(path, () => removeDurably(path));
}

function storing(path: string, body: () => void): void {
  try {
    body();
  } catch (error) {
    throw asStorageError("root key", path, error);
  }
}
