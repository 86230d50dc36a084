/** Attestation and what it needs of NV memory (TPM 2.0 Library, part 3, sections 12.5, 18 and 31). */
import { Call } from "./call.ts";
import type { EsysContext } from "./esys_context.ts";
import { type EsysHierarchy, type EsysObject, type Sessions, shandles } from "./handles.ts";
import { pcrSelectionWire } from "./pcr_selection.ts";
import { closeObject, persistentObject } from "./persistent_commands.ts";
import { schemeWire } from "./schemes.ts";
import {
  TPM2B_ATTEST,
  TPM2B_DATA,
  TPM2B_DIGEST,
  TPM2B_ENCRYPTED_SECRET,
  TPM2B_ID_OBJECT,
  TPM2B_MAX_NV_BUFFER,
  TPM2B_NAME,
  TPM2B_NV_PUBLIC,
  TPML_PCR_SELECTION,
  TPMT_SIG_SCHEME,
  TPMT_SIGNATURE,
} from "./types.ts";
import { WireReader } from "./wire_reader.ts";

/** A credential made for the name of one object and the key of one TPM. */
export interface Credential {
  /** The contents of TPM2B_ID_OBJECT. */
  readonly blob: Uint8Array;
  /** The contents of TPM2B_ENCRYPTED_SECRET. */
  readonly secret: Uint8Array;
}

/**
 * @param sessions For the object first, then for the key.
 * @returns The secret of the credential.
 */
export async function activateCredential(
  context: EsysContext,
  sessions: Sessions,
  { object, key }: { readonly object: EsysObject; readonly key: EsysObject },
  { blob, secret }: Credential,
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const info = call.out(TPM2B_DIGEST);
  const code = await call.esys.Esys_ActivateCredential(
    call.context,
    object,
    key,
    ...shandles(sessions),
    call.sized(TPM2B_ID_OBJECT, blob),
    call.sized(TPM2B_ENCRYPTED_SECRET, secret),
    info.cell,
  );
  call.check("Esys_ActivateCredential", code);
  return info.takeSized();
}

/** A statement of the TPM and its signature, in wire form as tpm2-tools read them. */
export interface Attestation {
  /** TPMS_ATTEST */
  readonly statement: Uint8Array<ArrayBuffer>;
  /** TPMT_SIGNATURE */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/**
 * Has a key state that an object is loaded in this TPM.
 *
 * @param sessions For the object first, then for the key.
 * @param nonce Of whoever wants to know, at most 64 bytes.
 */
export async function certify(
  context: EsysContext,
  sessions: Sessions,
  { object, key }: { readonly object: EsysObject; readonly key: EsysObject },
  nonce: Uint8Array,
): Promise<Attestation> {
  using call = new Call(context);
  const statement = call.out(TPM2B_ATTEST);
  const signature = call.out(TPMT_SIGNATURE);
  const code = await call.esys.Esys_Certify(
    call.context,
    object,
    key,
    ...shandles(sessions),
    call.sized(TPM2B_DATA, nonce),
    call.in(TPMT_SIG_SCHEME, schemeWire(undefined)),
    statement.cell,
    signature.cell,
  );
  call.check("Esys_Certify", code);
  return { statement: statement.takeSized(), signature: signature.take() };
}

/** Has a key state what the SHA-256 bank of the PCRs holds. @param pcrs Numbers from 0 to 23. */
export async function quote(
  context: EsysContext,
  sessions: Sessions,
  key: EsysObject,
  { nonce, pcrs }: { readonly nonce: Uint8Array; readonly pcrs: readonly number[] },
): Promise<Attestation> {
  using call = new Call(context);
  const statement = call.out(TPM2B_ATTEST);
  const signature = call.out(TPMT_SIGNATURE);
  const code = await call.esys.Esys_Quote(
    call.context,
    key,
    ...shandles(sessions),
    call.sized(TPM2B_DATA, nonce),
    call.in(TPMT_SIG_SCHEME, schemeWire(undefined)),
    call.in(TPML_PCR_SELECTION, pcrSelectionWire(pcrs)),
    statement.cell,
    signature.cell,
  );
  call.check("Esys_Quote", code);
  return { statement: statement.takeSized(), signature: signature.take() };
}

/** What is in an NV index that the owner may read. */
export async function readNvIndex(
  context: EsysContext,
  sessions: Sessions,
  hierarchy: EsysHierarchy,
  { index, chunk }: { readonly index: number; readonly chunk: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const nv = await persistentObject(context, index);
  try {
    const size = await nvDataSize(context, nv);
    const content = new Uint8Array(size);
    for (let at = 0; at < size; at += chunk) {
      const length = Math.min(chunk, size - at);
      content.set(await nvRead(context, sessions, { hierarchy, nv, length, at }), at);
    }
    return content;
  } finally {
    closeObject(context, nv);
  }
}

async function nvDataSize(context: EsysContext, nv: EsysObject): Promise<number> {
  using call = new Call(context);
  const outPublic = call.out(TPM2B_NV_PUBLIC);
  const name = call.out(TPM2B_NAME);
  const code = await call.esys.Esys_NV_ReadPublic(
    call.context,
    nv,
    ...shandles([]),
    outPublic.cell,
    name.cell,
  );
  call.check("Esys_NV_ReadPublic", code);
  name.take();
  const reader = new WireReader(outPublic.take());
  reader.bytes(2 + 4 + 2 + 4); // size, index, nameAlg, attributes
  reader.sized(); // policy
  return reader.u16();
}

async function nvRead(
  context: EsysContext,
  sessions: Sessions,
  { hierarchy, nv, length, at }: {
    readonly hierarchy: EsysHierarchy;
    readonly nv: EsysObject;
    readonly length: number;
    readonly at: number;
  },
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const data = call.out(TPM2B_MAX_NV_BUFFER);
  const code = await call.esys.Esys_NV_Read(
    call.context,
    hierarchy,
    nv,
    ...shandles(sessions),
    length,
    at,
    data.cell,
  );
  call.check("Esys_NV_Read", code);
  return data.takeSized();
}
