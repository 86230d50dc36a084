/** The device's statements about keys and the platform (contracts in `proto/extensions`). */
import type { PlatformAttestation } from "../provider.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { type FindKey, keyPair } from "./attestation_handlers.ts";
import type { Handlers } from "./handlers.ts";

/** Bytes; what every TPM takes as qualifying data of a statement. */
const NONCE_LENGTH_LIMIT = 32;
/** Registers of a bank (TCG PC Client Platform TPM Profile, section 4.6). */
const PCR_COUNT = 24;

export function platformAttestationHandlers(
  attestation: PlatformAttestation | undefined,
  find: FindKey,
): Handlers {
  if (attestation === undefined) return {};
  return {
    GetAttestationIdentity: () => attestation.identity(),
    ActivateAttestationKey: (credential) => attestation.activate(credential),
    CertifyKey: ({ keyName, nonce }, application) => {
      checkNonce(nonce);
      return attestation.certify(keyPair(find(application, keyName)), nonce);
    },
    QuotePlatform: ({ nonce, pcrs }) => {
      checkNonce(nonce);
      return attestation.quote(nonce, selected(pcrs));
    },
  };
}

function checkNonce({ length }: Uint8Array): void {
  if (length <= NONCE_LENGTH_LIMIT) return;
  throw invalid(`a nonce of ${length} bytes`, `${NONCE_LENGTH_LIMIT} at most`);
}

/** Ascending, each once. */
function selected(pcrs: readonly number[]): readonly number[] {
  const selection = [...new Set(pcrs)].sort((a, b) => a - b);
  const last = selection.at(-1);
  if (last === undefined) throw invalid("no register", "one or more");
  if (last >= PCR_COUNT) throw invalid(`register ${last}`, `0 to ${PCR_COUNT - 1}`);
  return selection;
}

function invalid(found: string, wanted: string): StatusError {
  return new StatusError(
    ResponseStatus.PsaErrorInvalidArgument,
    `Cannot attest: found ${found}, wanted ${wanted}`,
  );
}
