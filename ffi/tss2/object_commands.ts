/** Objects: made, loaded, imported (TPM 2.0 Library, part 3, sections 12, 13 and 24). */
import { Call } from "./call.ts";
import { TPM2_ALG } from "./constants.ts";
import type { EsysContext } from "./esys_context.ts";
import {
  type EsysHierarchy,
  type EsysObject,
  NULL_HIERARCHY,
  type Sessions,
  shandles,
} from "./handles.ts";
import {
  TPM2B_DATA,
  TPM2B_ENCRYPTED_SECRET,
  TPM2B_NAME,
  TPM2B_PRIVATE,
  TPM2B_PUBLIC,
  TPM2B_SENSITIVE_CREATE,
  TPM2B_SENSITIVE_DATA,
  TPML_PCR_SELECTION,
  TPMT_SYM_DEF_OBJECT,
} from "./types.ts";
import { WireWriter } from "./wire_writer.ts";

const NOTHING = new Uint8Array();
/** An empty TPML_PCR_SELECTION: its count. */
const NO_PCRS = new Uint8Array(4);

/** A new object's secrets: its auth value, and its data where the caller gives it. Wiped by the caller. */
export interface SensitiveCreate {
  readonly auth: Uint8Array;
  readonly data: Uint8Array;
}

function sensitiveCreateWire({ auth, data }: SensitiveCreate): Uint8Array<ArrayBuffer> {
  return new WireWriter(6 + auth.length + data.length)
    .nested((writer) => writer.sized(auth).sized(data))
    .finish();
}

/** Makes a primary object: the same one from the same template and hierarchy, until the hierarchy is cleared. */
export async function createPrimary(
  context: EsysContext,
  sessions: Sessions,
  hierarchy: EsysHierarchy,
  template: Uint8Array,
): Promise<EsysObject> {
  using call = new Call(context);
  const object = new Uint32Array(1);
  const code = await call.esys.Esys_CreatePrimary(
    call.context,
    hierarchy,
    ...shandles(sessions),
    call.in(TPM2B_SENSITIVE_CREATE, sensitiveCreateWire({ auth: NOTHING, data: NOTHING })),
    call.sized(TPM2B_PUBLIC, template),
    call.sized(TPM2B_DATA, NOTHING),
    call.in(TPML_PCR_SELECTION, NO_PCRS),
    object,
    null,
    null,
    null,
    null,
  );
  call.check("Esys_CreatePrimary", code);
  return asObject(object);
}

/** An object outside of the TPM: useless without the parent it is wrapped for. */
export interface WrappedObject {
  /** TPMT_PUBLIC */
  readonly publicArea: Uint8Array<ArrayBuffer>;
  /** The contents of TPM2B_PRIVATE. */
  readonly wrapped: Uint8Array<ArrayBuffer>;
}

/** Makes an object below a parent; it is not loaded. */
export async function create(
  context: EsysContext,
  sessions: Sessions,
  parent: EsysObject,
  { template, sensitive }: { readonly template: Uint8Array; readonly sensitive: SensitiveCreate },
): Promise<WrappedObject> {
  using call = new Call(context);
  const wire = sensitiveCreateWire(sensitive);
  const inSensitive = call.in(TPM2B_SENSITIVE_CREATE, wire);
  wire.fill(0);
  const outPrivate = call.out(TPM2B_PRIVATE);
  const outPublic = call.out(TPM2B_PUBLIC);
  const code = await call.esys.Esys_Create(
    call.context,
    parent,
    ...shandles(sessions),
    inSensitive,
    call.sized(TPM2B_PUBLIC, template),
    call.sized(TPM2B_DATA, NOTHING),
    call.in(TPML_PCR_SELECTION, NO_PCRS),
    outPrivate.cell,
    outPublic.cell,
    null,
    null,
    null,
  );
  call.check("Esys_Create", code);
  return {
    wrapped: outPrivate.takeSized(),
    publicArea: outPublic.takeSized(),
  };
}

export async function load(
  context: EsysContext,
  sessions: Sessions,
  parent: EsysObject,
  { publicArea, wrapped }: WrappedObject,
): Promise<EsysObject> {
  using call = new Call(context);
  const object = new Uint32Array(1);
  const code = await call.esys.Esys_Load(
    call.context,
    parent,
    ...shandles(sessions),
    call.sized(TPM2B_PRIVATE, wrapped),
    call.sized(TPM2B_PUBLIC, publicArea),
    object,
  );
  call.check("Esys_Load", code);
  return asObject(object);
}

/**
 * Loads a public area alone.
 *
 * @param hierarchy For what the TPM is to remember of it: tickets of none are worth nothing.
 * @throws {Tss2Error} If the TPM does not take it: a point off its curve, a size it lacks.
 */
export async function loadPublic(
  context: EsysContext,
  publicArea: Uint8Array,
  hierarchy: EsysHierarchy = NULL_HIERARCHY,
): Promise<EsysObject> {
  using call = new Call(context);
  const object = new Uint32Array(1);
  const code = await call.esys.Esys_LoadExternal(
    call.context,
    ...shandles([]),
    null,
    call.sized(TPM2B_PUBLIC, publicArea),
    hierarchy,
    object,
  );
  call.check("Esys_LoadExternal", code);
  return asObject(object);
}

/**
 * A private key from outside, encrypted under a key of one use (TPM 2.0 Library, part 1, section 23.3.2: "inner
 * duplication wrapper").
 */
export interface InnerWrapped {
  /** TPMT_PUBLIC */
  readonly publicArea: Uint8Array;
  /** The contents of TPM2B_PRIVATE. */
  readonly duplicate: Uint8Array;
  /** AES-CFB; the command's first parameter, which a session can encrypt. */
  readonly aesKey: Uint8Array;
}

/** TPMT_SYM_DEF_OBJECT */
function aesCfbWire(bits: number): Uint8Array<ArrayBuffer> {
  return new WireWriter(6).u16(TPM2_ALG.AES).u16(bits).u16(TPM2_ALG.CFB).finish();
}
const NO_CIPHER = new WireWriter(2).u16(TPM2_ALG.NULL).finish();

/** Wraps a key from outside for a parent. @returns The contents of its TPM2B_PRIVATE. */
export function importObject(
  context: EsysContext,
  sessions: Sessions,
  parent: EsysObject,
  { publicArea, duplicate, aesKey }: InnerWrapped,
): Promise<Uint8Array<ArrayBuffer>> {
  const symmetric = aesCfbWire(aesKey.length * 8);
  const parts = { publicArea, duplicate, aesKey, symmetric, seed: NOTHING };
  return importWith(context, sessions, parent, parts);
}

/** A private key from outside, encrypted for a parent ("outer duplication wrapper", part 1, section 23.3.3). */
export interface OuterWrapped {
  /** TPMT_PUBLIC */
  readonly publicArea: Uint8Array;
  /** The contents of TPM2B_PRIVATE. */
  readonly duplicate: Uint8Array;
  /** The contents of TPM2B_ENCRYPTED_SECRET: what only the parent can read. */
  readonly seed: Uint8Array;
}

/** As {@linkcode importObject}. */
export function importDuplicate(
  context: EsysContext,
  sessions: Sessions,
  parent: EsysObject,
  outer: OuterWrapped,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts = { ...outer, aesKey: NOTHING, symmetric: NO_CIPHER };
  return importWith(context, sessions, parent, parts);
}

async function importWith(
  context: EsysContext,
  sessions: Sessions,
  parent: EsysObject,
  { publicArea, duplicate, aesKey, symmetric, seed }: InnerWrapped & OuterWrapped & {
    readonly symmetric: Uint8Array;
  },
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const outPrivate = call.out(TPM2B_PRIVATE);
  const code = await call.esys.Esys_Import(
    call.context,
    parent,
    ...shandles(sessions),
    call.sized(TPM2B_DATA, aesKey),
    call.sized(TPM2B_PUBLIC, publicArea),
    call.sized(TPM2B_PRIVATE, duplicate),
    call.sized(TPM2B_ENCRYPTED_SECRET, seed),
    call.in(TPMT_SYM_DEF_OBJECT, symmetric),
    outPrivate.cell,
  );
  call.check("Esys_Import", code);
  return outPrivate.takeSized();
}

/** The data of a sealed object. */
export async function unseal(
  context: EsysContext,
  sessions: Sessions,
  object: EsysObject,
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const data = call.out(TPM2B_SENSITIVE_DATA);
  const code = await call.esys.Esys_Unseal(
    call.context,
    object,
    ...shandles(sessions),
    data.cell,
  );
  call.check("Esys_Unseal", code);
  return data.takeSized();
}

/** What the TPM says of an object. */
export interface ObjectDescription {
  /** TPMT_PUBLIC */
  readonly publicArea: Uint8Array<ArrayBuffer>;
  /** The TPM's name of it: its nameAlg and the hash of its public area. */
  readonly name: Uint8Array<ArrayBuffer>;
}

/** @param sessions None authorises; one that is salted proves that the answer is the TPM's own. */
export async function describeObject(
  context: EsysContext,
  sessions: Sessions,
  object: EsysObject,
): Promise<ObjectDescription> {
  using call = new Call(context);
  const outPublic = call.out(TPM2B_PUBLIC);
  const name = call.out(TPM2B_NAME);
  const code = await call.esys.Esys_ReadPublic(
    call.context,
    object,
    ...shandles(sessions),
    outPublic.cell,
    name.cell,
    null,
  );
  call.check("Esys_ReadPublic", code);
  return { publicArea: outPublic.takeSized(), name: name.takeSized() };
}

/** The public area (TPMT_PUBLIC) of a loaded object. */
export async function readPublic(
  context: EsysContext,
  object: EsysObject,
): Promise<Uint8Array<ArrayBuffer>> {
  return (await describeObject(context, [], object)).publicArea;
}

/**
 * The TPM's name of an object, as ESYS calculates it from the public area it was told: of one that was loaded by us, or
 * that is at a persistent handle.
 */
export function nameOf(context: EsysContext, object: EsysObject): Uint8Array<ArrayBuffer> {
  using call = new Call(context);
  const name = call.out(TPM2B_NAME);
  call.check("Esys_TR_GetName", call.esys.Esys_TR_GetName(call.context, object, name.cell));
  return name.takeSized();
}

function asObject(handle: Uint32Array): EsysObject {
  return (handle[0] ?? 0) as EsysObject;
}
