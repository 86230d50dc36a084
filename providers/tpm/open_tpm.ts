/**
 * Reaches a TPM and makes sure that it is the one whose keys we have: its root key must have the name it had
 * when it was seen first.
 */
import type { Secret } from "../../ffi/runtime/secret.ts";
import {
  ENDORSEMENT,
  EsysContext,
  type EsysObject,
  flushContext,
  nameOf,
  OWNER,
  type PublicArea,
  readStarts,
  startup,
} from "../../ffi/tss2/mod.ts";
import type { Logger } from "../../src/log.ts";
import { type Capabilities, readCapabilities } from "./capabilities.ts";
import { type Clock, patiently } from "./patience.ts";
import { type RootKeyKind, rootKeyTemplate } from "./root_key.ts";
import { isWrongAuth, wrongOwnerAuth, wrongRootKey } from "./setup_errors.ts";
import { mostObjectSlots } from "./tcti.ts";
import { setHierarchyAuth, Tpm } from "./tpm.ts";
import type { KnownRootKey } from "./tpm_state.ts";

/** How to get at a TPM. */
export interface TpmAddress {
  /** As tpm2-tss names a TPM: `device:/dev/tpmrm0`. */
  readonly tcti: string;
  readonly ownerAuth: Secret;
  readonly endorsementAuth: Secret | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The root keys that were seen before. */
export interface RootKeyMemory {
  /** The file where they are remembered, for messages. */
  readonly path: string;
  rootKey(kind: RootKeyKind): KnownRootKey | undefined;
  rememberRootKey(kind: RootKeyKind, key: KnownRootKey): void;
}

/** How to get at the TPM whose keys we have. */
export interface TpmAccess extends TpmAddress {
  /** The root key of new keys, and of the session. */
  readonly rootKey: RootKeyKind;
  readonly state: RootKeyMemory;
}

/** Opens a connection and asks the TPM what it can do. @throws {Tss2Error} {LibraryError} */
export async function probeTpm(access: TpmAddress): Promise<Capabilities> {
  using context = await connect(access);
  const capabilities = await patiently(() => readCapabilities(context), access.clock);
  const objectSlots = Math.min(capabilities.objectSlots, mostObjectSlots(access.tcti));
  return { ...capabilities, objectSlots };
}

/**
 * @throws {Tss2Error} If it can't be reached.
 * @throws {TpmSetupError} If it is another TPM, was cleared, or refuses its owner's auth value.
 */
export async function openTpm(access: TpmAccess, capabilities: Capabilities): Promise<Tpm> {
  using stack = new DisposableStack();
  const context = stack.use(await connect(access));
  const tpm = new Tpm({
    context,
    capabilities,
    starts: await patiently(() => readStarts(context), access.clock),
    clock: access.clock,
    log: access.log,
    saltKey: (self) => rootKey(self, access, access.rootKey),
  });
  await rootKey(tpm, access, access.rootKey);
  tpm.endTurn();
  stack.move();
  return tpm;
}

async function connect(access: TpmAddress): Promise<EsysContext> {
  using stack = new DisposableStack();
  const context = stack.use(await EsysContext.open(access.tcti));
  await patiently(() => startup(context), access.clock);
  setHierarchyAuth(context, OWNER, access.ownerAuth);
  setHierarchyAuth(context, ENDORSEMENT, access.endorsementAuth);
  stack.move();
  return context;
}

export function rootKeyObjectName(kind: RootKeyKind): string {
  return `root ${kind}`;
}

/** The loaded root key, checked. */
export function rootKey(tpm: Tpm, access: TpmAccess, kind: RootKeyKind): Promise<EsysObject> {
  return tpm.object(rootKeyObjectName(kind), "root", async () => {
    const template = rootKeyTemplate(kind, tpm.capabilities.storageAesBits);
    const object = await primaryOfOwner(tpm, access, template);
    try {
      checkName(access.state, kind, nameOf(tpm.context, object));
    } catch (error) {
      await tpm.plain((context) => flushContext(context, object));
      throw error;
    }
    return object;
  });
}

async function primaryOfOwner(
  tpm: Tpm,
  { ownerAuth }: TpmAddress,
  template: PublicArea,
): Promise<EsysObject> {
  try {
    return await tpm.primary(OWNER, ownerAuth, template);
  } catch (error) {
    throw isWrongAuth(error) ? wrongOwnerAuth(error) : error;
  }
}

/** The first one seen is remembered; from then on no other is accepted. */
function checkName(state: RootKeyMemory, kind: RootKeyKind, name: Uint8Array): void {
  const known = state.rootKey(kind);
  if (known === undefined) state.rememberRootKey(kind, { name, created: new Date() });
  else if (known.name.toHex() !== name.toHex()) throw wrongRootKey(kind, known, state.path);
}
