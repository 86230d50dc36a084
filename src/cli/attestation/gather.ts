/** Asks the service for evidence. */
import { ServiceError } from "../../client/mod.ts";
import type { Result as Identity } from "../../operations/get_attestation_identity.ts";
import { ProviderId } from "../../provider_id.ts";
import { ResponseStatus } from "../../status.ts";
import { CommandError } from "../exit_code.ts";
import { providerName } from "../protocol_names.ts";
import type { Session } from "../session.ts";
import { type Evidence, evidenceKey } from "./evidence.ts";

const NONCE_LENGTH = 32;

/** What may be left out is not attested, but for the nonce, which is random then. */
export interface AskedEvidence {
  readonly keyName: string | undefined;
  readonly pcrs: readonly number[] | undefined;
  readonly nonce: Uint8Array | undefined;
}

export async function gatherEvidence(session: Session, asked: AskedEvidence): Promise<Evidence> {
  const { pcrs, nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH)) } = asked;
  const identity = await identityOf(session);
  const provider = await session.provider();
  const client = await session.client();
  return {
    nonce,
    isNonceGiven: asked.nonce !== undefined,
    attestationKey: await evidenceKey(identity.attestationKey),
    endorsementKey: await evidenceKey(identity.endorsementKey),
    endorsementCertificates: identity.endorsementCertificates,
    ...(pcrs && { platform: await client.quotePlatform(provider, { nonce, pcrs }) }),
    ...(asked.keyName !== undefined &&
      { key: await certifiedKey(session, asked.keyName, nonce) }),
  };
}

async function certifiedKey(session: Session, keyName: string, nonce: Uint8Array) {
  const client = await session.client();
  const certified = await client.certifyKey(await session.provider(), { keyName, nonce });
  return { keyName, ...certified, ...await evidenceKey(certified.public) };
}

/** @throws {CommandError} If this provider attests nothing, with one that does. */
async function identityOf(session: Session): Promise<Identity> {
  const provider = await session.provider();
  try {
    return await (await session.client()).getAttestationIdentity(provider, {});
  } catch (error) {
    const isOther = provider !== ProviderId.Tpm && error instanceof ServiceError &&
      NOT_SERVED.has(error.status);
    throw isOther ? await anotherProvider(session, provider, error) : error;
  }
}

const NOT_SERVED: ReadonlySet<number> = new Set([
  ResponseStatus.PsaErrorNotSupported,
  ResponseStatus.OpcodeDoesNotExist,
]);

async function anotherProvider(
  session: Session,
  provider: number,
  cause: unknown,
): Promise<CommandError> {
  const { providers } = await session.anonymousClient().listProviders();
  const hint = providers.some(({ id }) => id === ProviderId.Tpm)
    ? `choose it with -p ${ProviderId.Tpm}`
    : "this service has none; see `parsec list-providers`";
  return new CommandError(
    `Cannot attest with the ${providerName(provider)} (${provider}): a TPM provider does`,
    { hint, cause },
  );
}
