/**
 * The key that encrypts the auth values of our keys in the key info store: 32 random bytes, sealed to the TPM
 * under the root key. Without the TPM the store tells no auth value.
 */
import { Secret } from "../../ffi/runtime/secret.ts";
import {
  create,
  encodePublicArea,
  load,
  PASSWORD,
  type PublicArea,
  TPM2_ALG,
  TPMA_OBJECT,
  unseal,
} from "../../ffi/tss2/mod.ts";
import { randomFrom } from "./random.ts";
import { rootKey, rootKeyObjectName, type TpmAccess } from "./open_tpm.ts";
import { SEALING_KEY_LENGTH } from "./sealing.ts";
import type { Tpm } from "./tpm.ts";
import type { SealedAuthKey } from "./tpm_state.ts";

const NOTHING = new Uint8Array();

/** Sealed data without an auth value: the root key, and so the owner's auth value, guards it. */
const TEMPLATE: PublicArea = {
  type: "keyedhash",
  nameAlg: TPM2_ALG.SHA256,
  attributes: TPMA_OBJECT.FIXEDTPM | TPMA_OBJECT.FIXEDPARENT | TPMA_OBJECT.USERWITHAUTH |
    TPMA_OBJECT.NODA,
  authPolicy: NOTHING,
  unique: NOTHING,
};

/** Unseals the key; makes and seals it at the very first start. */
export async function openAuthKey(tpm: Tpm, access: TpmAccess): Promise<Secret> {
  let sealed = access.state.authKey();
  if (sealed === undefined) {
    sealed = await makeAuthKey(tpm, access);
    access.state.rememberAuthKey(sealed);
  }
  return await unsealAuthKey(tpm, access, sealed);
}

async function makeAuthKey(tpm: Tpm, access: TpmAccess): Promise<SealedAuthKey> {
  using key = new Secret(await randomFrom(tpm, SEALING_KEY_LENGTH));
  const parent = await rootKey(tpm, access, access.rootKey);
  const template = encodePublicArea(TEMPLATE);
  const sensitive = { auth: NOTHING, data: key.expose() };
  const made = await tpm.secured((context, session) =>
    create(context, [session], parent, { template, sensitive })
  );
  return { root: access.rootKey, ...made };
}

async function unsealAuthKey(
  tpm: Tpm,
  access: TpmAccess,
  sealed: SealedAuthKey,
): Promise<Secret> {
  const name = "auth key";
  const object = await tpm.object(name, "key", async () => {
    const parent = await rootKey(tpm, access, sealed.root);
    return await tpm.plain((context) => load(context, [PASSWORD], parent, sealed));
  });
  tpm.release(rootKeyObjectName(sealed.root));
  const bytes = await tpm.secured((context, session) => unseal(context, [session], object));
  await tpm.unload(name);
  return new Secret(bytes);
}
