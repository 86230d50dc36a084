/**
 * PrepareKeyAttestation and AttestKey: by TPM2_ActivateCredential (TPM 2.0 Library, part 1, section 24). Who is far
 * away makes a credential for the name of a key and the TPM's endorsement key; only the TPM that has both can
 * tell what is in it.
 */
import {
  activateCredential,
  decodePublicArea,
  ENDORSEMENT,
  type EsysObject,
  nameOf,
  policySecret,
  readPublic,
  TPM2_RC_FORMAT_1,
  Tss2Error,
} from "../../ffi/tss2/mod.ts";
import type { Key, KeyAttestation } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { endorsementKey } from "./endorsement_key.ts";
import { type Engine, laneOf } from "./engine.ts";
import { exportPublicKey } from "./public_key.ts";
import { invalidArgument } from "./refusals.ts";
import { isAboutRsaData } from "./rsa_failure.ts";
import { isWrongAuth } from "./setup_errors.ts";
import type { Tpm } from "./tpm.ts";

const EK_BITS = 2048;
/** Bytes of TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET. */
const MOST_BLOB = 132;
const MOST_SECRET = 512;

export function keyAttestation(engine: Engine): KeyAttestation {
  const { connection } = engine;
  return {
    prepare: (key) => connection.run(laneOf(key), (tpm) => prepare(engine, tpm, key)),
    async attest(key, { credentialBlob, secret }) {
      if (credentialBlob.length > MOST_BLOB || secret.length > MOST_SECRET) {
        throw invalidArgument("Cannot attest: the credential is longer than any");
      }
      const credential = await connection.run(laneOf(key), async (tpm) => {
        const keys = await bothKeys(engine, tpm, key);
        return await activate(tpm, keys, { blob: credentialBlob, secret });
      });
      return { credential };
    },
  };
}

async function prepare({ loader, access }: Engine, tpm: Tpm, key: Key) {
  const object = await loader.load(tpm, key);
  const publicArea = await tpm.plain((context) => readPublic(context, object));
  const name = nameOf(tpm.context, object);
  const ek = await telling(() => endorsementKey(tpm, access));
  const ekArea = await tpm.plain((context) => readPublic(context, ek));
  const attestingKeyPub = exportPublicKey(decodePublicArea(ekArea), EK_BITS);
  return { name, public: publicArea, attestingKeyPub };
}

interface BothKeys {
  readonly object: EsysObject;
  readonly key: EsysObject;
}

async function bothKeys({ loader, access }: Engine, tpm: Tpm, key: Key): Promise<BothKeys> {
  const object = await loader.load(tpm, key);
  return { object, key: await telling(() => endorsementKey(tpm, access)) };
}

async function activate(
  tpm: Tpm,
  keys: BothKeys,
  credential: { readonly blob: Uint8Array; readonly secret: Uint8Array },
): Promise<Uint8Array> {
  return await tpm.withPolicySession(async (policy) => {
    await telling(() =>
      tpm.secured((context, session) => policySecret(context, [session], ENDORSEMENT, policy))
    );
    try {
      return await tpm.secured((context, session) =>
        activateCredential(context, [session, policy], keys, credential)
      );
    } catch (error) {
      throw isUnfit(error) || await isAboutRsaData(tpm, error)
        ? invalidArgument("Cannot attest: the credential is not for this key")
        : error;
    }
  });
}

/** What a TPM says of a credential that is damaged, or made for another key or TPM. */
function isUnfit(error: unknown): boolean {
  if (!(error instanceof Tss2Error)) return false;
  const { tpm, about } = error.response;
  return tpm === TPM2_RC_FORMAT_1.INTEGRITY || about.startsWith("parameter");
}

/** The endorsement hierarchy refused its auth value: the configuration's fault, not the client's. */
async function telling<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isWrongAuth(error)) throw error;
    throw new StatusError(
      ResponseStatus.PsaErrorGenericError,
      "Cannot attest: the TPM refused endorsement_hierarchy_auth",
      { cause: error },
    );
  }
}
