/**
 * The TPM provider: keys that only one TPM 2.0 can use, through tpm2-tss. Wire id 3.
 */
import { Secret } from "../../ffi/runtime/secret.ts";
import type { Logger } from "../../src/log.ts";
import type { CryptoProvider, Primitives } from "../../src/provider.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { encryptionPrimitives } from "./asym_encryption.ts";
import { AdoptedKeyGuard } from "./adopted_key_guard.ts";
import { signaturePrimitives } from "./asym_sign.ts";
import { keyAttestation } from "./attestation.ts";
import { openAuthKey } from "./auth_key.ts";
import { AuthVault } from "./auth_vault.ts";
import { type Capabilities, hasP256 } from "./capabilities.ts";
import { cipherPrimitives } from "./cipher.ts";
import type { Engine } from "./engine.ts";
import { hashPrimitives } from "./hash.ts";
import { HostCrypto } from "./host_crypto.ts";
import { agreementPrimitives } from "./key_agreement.ts";
import { KeyLoader } from "./key_loader.ts";
import { keyManagement } from "./key_management.ts";
import { macPrimitives } from "./mac.ts";
import { openTpm, probeTpm, type TpmAccess } from "./open_tpm.ts";
import { type Clock, systemClock } from "./patience.ts";
import { platformAttestation } from "./platform_attestation.ts";
import { randomPrimitives } from "./random.ts";
import { TpmRegistry } from "./registry.ts";
import type { RootKeyKind } from "./root_key.ts";
import { answered, explained } from "./setup_errors.ts";
import { Sequences } from "./sequences.ts";
import { Translator } from "./status.ts";
import { resolveTcti } from "./tcti.ts";
import type { Tpm } from "./tpm.ts";
import { TpmConnection } from "./tpm_connection.ts";
import { TpmState } from "./tpm_state.ts";

/** So long a TPM may take to make its root key at the start: just below systemd's TimeoutStartSec of 90 s. */
const START_MS = 80_000;

/** The same for every service (Parsec book, "Providers"). */
export const TPM_PROVIDER_UUID = "1e4954a4-ff21-46d3-ab0c-661eeb667e1d";

export interface TpmProviderOptions {
  /** The provider's name in the configuration. */
  readonly name: string;
  /** As tpm2-tss names a TPM: `device:/dev/tpmrm0`, `swtpm:path=…`. */
  readonly tcti: string;
  /** Wiped with the provider, as the other one. */
  readonly ownerAuth: Secret;
  /** For attestation, where the endorsement hierarchy has an auth value. */
  readonly endorsementAuth?: Secret | undefined;
  /** What new keys are wrapped under; elliptic where the TPM can, if left out. */
  readonly rootKey?: RootKeyKind | undefined;
  /** Absolute path of a folder for what the provider must remember. */
  readonly folder: string;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Milliseconds after which a TPM that does not answer is stuck; 80 s at the start, then five minutes, if left out. */
  readonly stuckMs?: number;
}

/**
 * @throws {LibraryError} If tpm2-tss is not there.
 * @throws {TpmSetupError} If the TPM can't be reached, is another one than before, or was cleared.
 * @throws {StorageError} If the folder can't be used.
 */
export async function openTpmProvider(options: TpmProviderOptions): Promise<CryptoProvider> {
  const { name, log } = options;
  await using stack = new AsyncDisposableStack();
  const tcti = await resolveTcti(options.tcti);
  const { engine, capabilities } = await openEngine({ ...options, tcti }, stack)
    .catch(async (error) => Promise.reject(await explained(error, tcti)));
  const { lockoutInterval } = capabilities;
  const translator = new Translator(log, lockoutInterval);
  const guard = new AdoptedKeyGuard({ clock: engine.access.clock, log, lockoutInterval });
  log.info("TPM provider ready", {
    tpm: capabilities.description,
    rootKey: engine.access.rootKey,
    objectSlots: capabilities.objectSlots,
  });
  const owned = stack.move();
  return {
    identity: { id: ProviderId.Tpm, uuid: TPM_PROVIDER_UUID, name },
    description: {
      description:
        "TPM provider, interfacing with a library implementing the TCG TSS 2.0 Enhanced System API " +
        "specification.",
      vendor: "Trusted Computing Group (TCG)",
      version: [0, 1, 0],
    },
    registry: engine.registry,
    keys: translator.translated(keyManagement(engine)),
    primitives: translator.translated(guard.guarded(primitives(engine, capabilities))),
    attestation: translator.translated(guard.guarded(keyAttestation(engine))),
    platformAttestation: translator.translated(guard.guarded(platformAttestation(engine))),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function openEngine(
  options: TpmProviderOptions,
  stack: AsyncDisposableStack,
): Promise<{ readonly engine: Engine; readonly capabilities: Capabilities }> {
  const { tcti, folder, log, endorsementAuth, clock = systemClock } = options;
  const ownerAuth = stack.use(options.ownerAuth);
  if (endorsementAuth !== undefined) stack.use(endorsementAuth);
  const host = stack.use(new HostCrypto());
  const state = stack.use(new TpmState({ folder, log }));
  const base = { tcti, ownerAuth, endorsementAuth, state, clock, log };
  const limit = { tcti, limitMs: options.stuckMs ?? START_MS };
  const capabilities = await answered(probeTpm(base), limit);
  const rootKey = options.rootKey ?? (hasP256(capabilities) ? "ecc-p256" : "rsa-2048");
  const access: TpmAccess = { ...base, rootKey };
  const open = () => openTpm(access, capabilities);
  const discard = (late: Tpm) => late[Symbol.dispose]();
  const tpm = await answered(open(), { ...limit, discard });
  const { stuckMs } = options;
  const connection = stack.use(new TpmConnection(tpm, { open, clock, log, stuckMs }));
  const key = await connection.run("", (tpm) => openAuthKey(tpm, access, state));
  const vault = stack.use(new AuthVault(key));
  const registry = new TpmRegistry(capabilities);
  const engine = {
    connection,
    registry,
    vault,
    host,
    access,
    loader: new KeyLoader({ access, registry, vault }),
    sequences: new Sequences(connection),
    inputBuffer: capabilities.inputBuffer,
  };
  return { engine, capabilities };
}

function primitives(engine: Engine, capabilities: Capabilities): Primitives {
  return {
    ...randomPrimitives(engine),
    ...hashPrimitives(engine),
    ...signaturePrimitives(engine),
    ...encryptionPrimitives(engine),
    ...agreementPrimitives(engine),
    ...macPrimitives(engine),
    ...(capabilities.aesSizes.size > 0 && cipherPrimitives(engine)),
  };
}
