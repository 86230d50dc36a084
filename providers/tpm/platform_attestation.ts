/**
 * Statements by the attestation key, and the proof that it is in this TPM (TPM 2.0 Library, part 1, "Attestation";
 * TCG EK Credential Profile). Contracts in `proto/extensions`.
 */
import { certify, type EsysObject, PASSWORD, readPublic } from "../../ffi/tss2/mod.ts";
import type { Key, PlatformAttestation } from "../../src/provider.ts";
import { asAdmin } from "./admin_role.ts";
import { attestationKey } from "./attestation_key.ts";
import { checkCredentialSize, endorsing, openCredential } from "./credential.ts";
import { chooseEndorsementKey, endorsementCertificates } from "./endorsement_certificates.ts";
import { endorsementKey } from "./endorsement_key.ts";
import { type Engine, KEYLESS_LANE, laneOf } from "./engine.ts";
import { quoteRegisters } from "./quote.ts";
import type { Tpm } from "./tpm.ts";

export function platformAttestation(engine: Engine): PlatformAttestation {
  const { connection, access } = engine;
  return {
    identity: () => connection.run(KEYLESS_LANE, (tpm) => identity(engine, tpm)),
    async activate(sealed) {
      checkCredentialSize(sealed);
      const credential = await connection.run(KEYLESS_LANE, async (tpm) => {
        const object = await attestationKey(tpm, access);
        const { kind } = await chooseEndorsementKey(tpm);
        const key = await endorsing(tpm, () => endorsementKey(tpm, access, kind));
        return await openCredential(tpm, { object, key }, sealed);
      });
      return { credential };
    },
    certify: (key, nonce) =>
      connection.run(laneOf(key), (tpm) => certifyKey(engine, tpm, key, nonce)),
    quote: (nonce, pcrs) =>
      connection.run(
        KEYLESS_LANE,
        async (tpm) =>
          await quoteRegisters(tpm, await attestationKey(tpm, access), { nonce, pcrs }),
      ),
  };
}

async function identity({ access }: Engine, tpm: Tpm) {
  const choice = await chooseEndorsementKey(tpm);
  const ek = await endorsing(tpm, () => endorsementKey(tpm, access, choice.kind));
  const endorsementArea = await publicAreaOf(tpm, ek);
  return {
    attestationKey: await publicAreaOf(tpm, await attestationKey(tpm, access)),
    endorsementKey: endorsementArea,
    endorsementCertificates: await endorsementCertificates(
      tpm,
      choice,
      endorsementArea,
      access.log,
    ),
  };
}

async function certifyKey({ access, loader }: Engine, tpm: Tpm, key: Key, nonce: Uint8Array) {
  const signer = await attestationKey(tpm, access);
  const object = await loader.load(tpm, key);
  const attestation = await asAdmin(() =>
    tpm.secured((context, session) =>
      certify(context, [session, PASSWORD], { object, key: signer }, nonce)
    )
  );
  return { ...attestation, public: await publicAreaOf(tpm, object) };
}

function publicAreaOf(tpm: Tpm, object: EsysObject): Promise<Uint8Array<ArrayBuffer>> {
  return tpm.plain((context) => readPublic(context, object));
}
