/** Objects that the TPM keeps over its resets, under handles of its own (TPM 2.0 Library, part 3, section 28.5). */
import { Call } from "./call.ts";
import type { EsysContext } from "./esys_context.ts";
import { type EsysHierarchy, type EsysObject, type Sessions, shandles } from "./handles.ts";

/**
 * Gets to know what is at a handle of the TPM: an object, or an NV index. It is not loaded; its user closes it.
 *
 * @param handle 0x8100_0000 to 0x81ff_ffff; 0x0100_0000 to 0x01ff_ffff for an NV index.
 * @throws {Tss2Error} TPM_RC_HANDLE if there is nothing.
 */
export async function persistentObject(
  context: EsysContext,
  handle: number,
): Promise<EsysObject> {
  using call = new Call(context);
  const object = new Uint32Array(1);
  const code = await call.esys.Esys_TR_FromTPMPublic(
    call.context,
    handle,
    ...shandles([]),
    object,
  );
  call.check("Esys_TR_FromTPMPublic", code);
  return (object[0] ?? 0) as EsysObject;
}

/** Has ESYS forget an object, and its auth value; it stays in the TPM. */
export function closeObject(context: EsysContext, object: EsysObject): void {
  using call = new Call(context);
  call.check("Esys_TR_Close", call.esys.Esys_TR_Close(call.context, new Uint32Array([object])));
}

/** Removes a persistent object from the TPM, and closes it. @param handle The TPM's. */
export async function evictPersistent(
  context: EsysContext,
  sessions: Sessions,
  hierarchy: EsysHierarchy,
  { object, handle }: { readonly object: EsysObject; readonly handle: number },
): Promise<void> {
  using call = new Call(context);
  const code = await call.esys.Esys_EvictControl(
    call.context,
    hierarchy,
    object,
    ...shandles(sessions),
    handle,
    new Uint32Array(1),
  );
  call.check("Esys_EvictControl", code);
}
