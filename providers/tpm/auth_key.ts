/**
 * The key that encrypts the auth values of our keys in the key info store: 32 random bytes, sealed to the TPM
 * under the root key. Without the TPM the store tells no auth value.
 */
import { Secret } from "../../ffi/runtime/secret.ts";
import { rootKey, type TpmAccess } from "./open_tpm.ts";
import { randomFrom } from "./random.ts";
import { sealData, unsealData } from "./sealed_data.ts";
import { SEALING_KEY_LENGTH } from "./sealing.ts";
import type { Tpm } from "./tpm.ts";
import type { SealedAuthKey, TpmState } from "./tpm_state.ts";

/** Unseals the key; makes and seals it at the very first start. */
export async function openAuthKey(tpm: Tpm, access: TpmAccess, state: TpmState): Promise<Secret> {
  let sealed = state.authKey();
  if (sealed === undefined) {
    sealed = await makeAuthKey(tpm, access);
    state.rememberAuthKey(sealed);
  }
  const { root } = sealed;
  return await unsealData(tpm, () => rootKey(tpm, access, root), sealed);
}

async function makeAuthKey(tpm: Tpm, access: TpmAccess): Promise<SealedAuthKey> {
  using key = new Secret(await randomFrom(tpm, SEALING_KEY_LENGTH));
  const parent = await rootKey(tpm, access, access.rootKey);
  return { root: access.rootKey, ...await sealData(tpm, parent, key) };
}
