/**
 * PrepareKeyAttestation and AttestKey: a device proves that it holds a key (Parsec book, "Key attestation"). The
 * attesting key is the device's own; naming another one is not supported.
 */
import type { Application } from "../authenticators/authenticator.ts";
import { isKeyPair } from "../psa/key_type.ts";
import type { Key, KeyAttestation } from "../provider.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import type { Handlers } from "./handlers.ts";

/** The usable key of an application by its name. @throws {StatusError} PsaErrorDoesNotExist */
export type FindKey = (application: Application | undefined, keyName: string) => Key;

export function attestationHandlers(
  attestation: KeyAttestation | undefined,
  find: FindKey,
): Handlers {
  if (attestation === undefined) return {};
  const attestedKey = (
    { attestedKeyName, attestingKeyName }: {
      readonly attestedKeyName: string;
      readonly attestingKeyName: string;
    },
    application: Application | undefined,
  ): Key => {
    if (attestingKeyName !== "") {
      throw new StatusError(
        ResponseStatus.PsaErrorNotSupported,
        "Cannot attest with a named key: only the device's own key attests",
      );
    }
    return keyPair(find(application, attestedKeyName));
  };
  return {
    PrepareKeyAttestation: (operation, application) =>
      attestation.prepare(attestedKey(operation, application)),
    AttestKey: (operation, application) =>
      attestation.attest(attestedKey(operation, application), operation),
  };
}

/** @throws {StatusError} PsaErrorInvalidArgument if the key is another kind of key. */
export function keyPair(key: Key): Key {
  if (isKeyPair(key.attributes.type)) return key;
  throw new StatusError(
    ResponseStatus.PsaErrorInvalidArgument,
    `Cannot attest a ${key.attributes.type.kind}: wanted a key pair`,
  );
}
