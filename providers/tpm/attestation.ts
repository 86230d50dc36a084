/**
 * PrepareKeyAttestation and AttestKey: by TPM2_ActivateCredential (TPM 2.0 Library, part 1, section 24). Who is far
 * away makes a credential for the name of a key and the TPM's endorsement key; only the TPM that has both can
 * tell what is in it.
 */
import { decodePublicArea, nameOf, readPublic } from "../../ffi/tss2/mod.ts";
import type { Key, KeyAttestation } from "../../src/provider.ts";
import {
  checkCredentialSize,
  type CredentialKeys,
  endorsing,
  openCredential,
} from "./credential.ts";
import { endorsementKey } from "./endorsement_key.ts";
import { type Engine, laneOf } from "./engine.ts";
import { exportPublicKey } from "./public_key.ts";
import type { Tpm } from "./tpm.ts";

const EK_BITS = 2048;

export function keyAttestation(engine: Engine): KeyAttestation {
  const { connection } = engine;
  return {
    prepare: (key) => connection.run(laneOf(key), (tpm) => prepare(engine, tpm, key)),
    async attest(key, sealed) {
      checkCredentialSize(sealed);
      const credential = await connection.run(
        laneOf(key),
        async (tpm) => await openCredential(tpm, await bothKeys(engine, tpm, key), sealed),
      );
      return { credential };
    },
  };
}

async function prepare({ loader, access }: Engine, tpm: Tpm, key: Key) {
  const object = await loader.load(tpm, key);
  const publicArea = await tpm.plain((context) => readPublic(context, object));
  const name = nameOf(tpm.context, object);
  const ek = await endorsing(tpm, () => endorsementKey(tpm, access));
  const ekArea = await tpm.plain((context) => readPublic(context, ek));
  const attestingKeyPub = exportPublicKey(decodePublicArea(ekArea), EK_BITS);
  return { name, public: publicArea, attestingKeyPub };
}

async function bothKeys({ loader, access }: Engine, tpm: Tpm, key: Key): Promise<CredentialKeys> {
  const object = await loader.load(tpm, key);
  return { object, key: await endorsing(tpm, () => endorsementKey(tpm, access)) };
}
