/** Data that only this TPM can open: a sealed object below a storage key. */
import { Secret } from "../../ffi/runtime/secret.ts";
import {
  create,
  encodePublicArea,
  type EsysObject,
  load,
  PASSWORD,
  type PublicArea,
  TPM2_ALG,
  TPMA_OBJECT,
  unseal,
  type WrappedObject,
} from "../../ffi/tss2/mod.ts";
import type { Tpm } from "./tpm.ts";

const { FIXEDTPM, FIXEDPARENT, USERWITHAUTH, NODA } = TPMA_OBJECT;
const NOTHING = new Uint8Array();
const OBJECT_NAME = "sealed data";

/**
 * There is no auth value: without a policy, whoever may use the parent opens it; with one, whoever satisfies that.
 *
 * @param policy Its digest, or nothing.
 */
function sealingTemplate(policy: Uint8Array): PublicArea {
  return {
    type: "keyedhash",
    nameAlg: TPM2_ALG.SHA256,
    attributes: FIXEDTPM | FIXEDPARENT | NODA | (policy.length === 0 ? USERWITHAUTH : 0),
    authPolicy: policy,
    unique: NOTHING,
  };
}

export async function sealData(
  tpm: Tpm,
  parent: EsysObject,
  data: Secret,
  policy: Uint8Array = NOTHING,
): Promise<WrappedObject> {
  const template = encodePublicArea(sealingTemplate(policy));
  const sensitive = { auth: NOTHING, data: data.expose() };
  return await tpm.secured((context, session) =>
    create(context, [session], parent, { template, sensitive })
  );
}

/** Loads what was sealed, for the time of this turn. */
export function loadSealed(
  tpm: Tpm,
  parent: () => Promise<EsysObject>,
  sealed: WrappedObject,
): Promise<EsysObject> {
  return tpm.object(OBJECT_NAME, "key", async () => {
    const loaded = await parent();
    return await tpm.plain((context) => load(context, [PASSWORD], loaded, sealed));
  });
}

/** Opens what has no policy. */
export async function unsealData(
  tpm: Tpm,
  parent: () => Promise<EsysObject>,
  sealed: WrappedObject,
): Promise<Secret> {
  const object = await loadSealed(tpm, parent, sealed);
  const bytes = await tpm.secured((context, session) => unseal(context, [session], object));
  await unloadSealed(tpm);
  return new Secret(bytes);
}

export function unloadSealed(tpm: Tpm): Promise<void> {
  return tpm.unload(OBJECT_NAME);
}
