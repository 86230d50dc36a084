/**
 * What a refusal by the service means to the person at the command line, and what can be done about it.
 */
import type { OperationName } from "../opcode.ts";
import { ResponseStatus } from "../status.ts";

export interface StatusAdvice {
  readonly meaning: string;
  readonly hint?: string;
}

const LOG_HINT = "the service's log says more";
const PROVIDERS_HINT = "see `parsec list-providers` and choose one with -p";
const AUTHENTICATORS_HINT = "see `parsec list-authenticators` and choose one with --auth";

const ADVICE: ReadonlyMap<number, StatusAdvice> = new Map<ResponseStatus, StatusAdvice>([
  [ResponseStatus.ProviderNotRegistered, {
    meaning: "this service has no such provider configured, or none for this application",
    hint: PROVIDERS_HINT,
  }],
  [ResponseStatus.ProviderDoesNotExist, {
    meaning: "there is no provider of this number",
    hint: PROVIDERS_HINT,
  }],
  [ResponseStatus.OpcodeDoesNotExist, {
    meaning: "the service does not know the operation",
    hint: "see `parsec list-opcodes`",
  }],
  [ResponseStatus.ResponseTooLarge, {
    meaning: "the answer would be larger than the service allows",
    hint: "ask for less, or raise `buffer_size_limit` in the service's configuration",
  }],
  [ResponseStatus.AuthenticationError, {
    meaning: "the service does not believe who you are",
    hint: AUTHENTICATORS_HINT,
  }],
  [ResponseStatus.AuthenticatorDoesNotExist, {
    meaning: "the service does not know this kind of authentication",
    hint: AUTHENTICATORS_HINT,
  }],
  [ResponseStatus.AuthenticatorNotRegistered, {
    meaning: "the service does not accept this kind of authentication",
    hint: AUTHENTICATORS_HINT,
  }],
  [ResponseStatus.NotAuthenticated, {
    meaning: "the operation needs to know who is asking",
    hint: AUTHENTICATORS_HINT,
  }],
  [ResponseStatus.AdminOperation, {
    meaning: "only an administrator may do this",
    hint: "administrators are listed under `admins` in the service's configuration",
  }],
  [ResponseStatus.KeyInfoManagerError, {
    meaning: "the service cannot use its store of keys",
    hint: LOG_HINT,
  }],
  [ResponseStatus.ConnectionError, {
    meaning: "the service did not get the whole request in time",
    hint: "try again; `timeout` in the service's configuration is how long it waits",
  }],
  [ResponseStatus.BodySizeExceedsLimit, {
    meaning: "the request is larger than the service allows",
    hint: "send less, or raise `body_len_limit` in the service's configuration",
  }],
  [ResponseStatus.DeprecatedPrimitive, {
    meaning: "the algorithm or key type is deprecated",
    hint: "choose another, or set `allow_deprecated` in the service's configuration",
  }],
  [ResponseStatus.PsaErrorGenericError, { meaning: "something failed", hint: LOG_HINT }],
  [ResponseStatus.PsaErrorNotPermitted, {
    meaning: "the key's policy does not permit it",
    hint: "`parsec list-keys --json` shows what each key may do",
  }],
  [ResponseStatus.PsaErrorNotSupported, {
    meaning: "the provider cannot do it",
    hint: "see `parsec list-opcodes -p <provider>`; another provider (-p) may be able to",
  }],
  [ResponseStatus.PsaErrorInvalidArgument, {
    meaning: "the provider does not accept the sizes or values",
  }],
  [ResponseStatus.PsaErrorAlreadyExists, {
    meaning: "there is a key of this name already",
    hint: "choose another name, or remove the key with `parsec delete-key`",
  }],
  [ResponseStatus.PsaErrorDoesNotExist, {
    meaning: "there is no key of this name for this application in this provider",
    hint: "see `parsec list-keys`; another identity (--auth) has other keys",
  }],
  [ResponseStatus.PsaErrorInsufficientMemory, {
    meaning: "the provider is out of memory",
    hint: LOG_HINT,
  }],
  [ResponseStatus.PsaErrorInsufficientStorage, {
    meaning: "there is no room for another key",
    hint:
      "remove one with `parsec delete-key`; `max_keys_per_application` in the service's configuration, or the device's memory, is the limit",
  }],
  [ResponseStatus.PsaErrorCommunicationFailure, {
    meaning: "the service cannot talk to the provider's device",
    hint: LOG_HINT,
  }],
  [ResponseStatus.PsaErrorStorageFailure, {
    meaning: "the provider's storage failed",
    hint: LOG_HINT,
  }],
  [ResponseStatus.PsaErrorHardwareFailure, {
    meaning: "the provider's device failed",
    hint: LOG_HINT,
  }],
  [ResponseStatus.PsaErrorInvalidSignature, { meaning: "the signature is not right" }],
  [ResponseStatus.PsaErrorInvalidPadding, {
    meaning: "this is not a ciphertext for this key",
  }],
]);

/** What the same refusals mean where an administrator gives a key of the device to an application. */
const ADOPTION_ADVICE: ReadonlyMap<number, StatusAdvice> = new Map<ResponseStatus, StatusAdvice>([
  [ResponseStatus.PsaErrorDoesNotExist, {
    meaning: "the token or TPM has no such key that the service can see",
    hint: "see what is there with `pkcs11-tool --module <library> --login -O`, or " +
      "`tpm2_getcap handles-persistent`; the service's log says more",
  }],
  [ResponseStatus.PsaErrorInvalidArgument, {
    meaning:
      "several keys match, the algorithm is for other keys, or the file has no key for this TPM",
    hint: "the service's log names what matches; say more, for example --uri " +
      "'pkcs11:object=LABEL;id=%01;type=private'",
  }],
  [ResponseStatus.PsaErrorNotPermitted, {
    meaning:
      "the device does not let the key do what --algorithm and --usage say, or its auth value is " +
      "another one",
    hint: "the service's log says which; ask for less with --usage, or see what --auth-file has",
  }],
  [ResponseStatus.PsaErrorAlreadyExists, {
    meaning: "the application has a key of this name already, or the key is one that the service " +
      "has made for an application",
    hint: "choose another name or another key",
  }],
  [ResponseStatus.PsaErrorNotSupported, {
    meaning: "this provider cannot adopt the key, or not for this algorithm",
    hint: "a token's key is for a PKCS #11 provider, a TPM's for the TPM provider " +
      "(`parsec list-providers`, -p); the service's log says more",
  }],
  [ResponseStatus.PsaErrorInsufficientStorage, {
    meaning: "the application has all the keys it may have",
    hint: "delete one, or raise `max_keys_per_application` in the service's configuration",
  }],
]);

/** `undefined` for a status that speaks for itself or is not known. */
export function statusAdvice(status: number, operation: OperationName): StatusAdvice | undefined {
  const special = operation === "AdoptKey" ? ADOPTION_ADVICE.get(status) : undefined;
  return special ?? ADVICE.get(status);
}
