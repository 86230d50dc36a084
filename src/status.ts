/**
 * The status codes of the wire protocol.
 *
 * Source: Parsec book, "Status Codes"; values 1132 and up are the PSA Crypto API 1.0 errors
 * (PSA_ERROR_GENERIC_ERROR is -132, on the wire 1000 + 132). 1144 is not assigned.
 */
export const ResponseStatus = {
  Success: 0,
  WrongProviderId: 1,
  ContentTypeNotSupported: 2,
  AcceptTypeNotSupported: 3,
  WireProtocolVersionNotSupported: 4,
  ProviderNotRegistered: 5,
  ProviderDoesNotExist: 6,
  DeserializingBodyFailed: 7,
  SerializingBodyFailed: 8,
  OpcodeDoesNotExist: 9,
  ResponseTooLarge: 10,
  AuthenticationError: 11,
  AuthenticatorDoesNotExist: 12,
  AuthenticatorNotRegistered: 13,
  KeyInfoManagerError: 14,
  ConnectionError: 15,
  InvalidEncoding: 16,
  InvalidHeader: 17,
  WrongProviderUuid: 18,
  NotAuthenticated: 19,
  BodySizeExceedsLimit: 20,
  AdminOperation: 21,
  DeprecatedPrimitive: 22,
  PsaErrorGenericError: 1132,
  PsaErrorNotPermitted: 1133,
  PsaErrorNotSupported: 1134,
  PsaErrorInvalidArgument: 1135,
  PsaErrorInvalidHandle: 1136,
  PsaErrorBadState: 1137,
  PsaErrorBufferTooSmall: 1138,
  PsaErrorAlreadyExists: 1139,
  PsaErrorDoesNotExist: 1140,
  PsaErrorInsufficientMemory: 1141,
  PsaErrorInsufficientStorage: 1142,
  PsaErrorInsufficientData: 1143,
  PsaErrorCommunicationFailure: 1145,
  PsaErrorStorageFailure: 1146,
  PsaErrorHardwareFailure: 1147,
  PsaErrorInsufficientEntropy: 1148,
  PsaErrorInvalidSignature: 1149,
  PsaErrorInvalidPadding: 1150,
  PsaErrorCorruptionDetected: 1151,
  PsaErrorDataCorrupt: 1152,
  PsaErrorDataInvalid: 1153,
} as const;
export type ResponseStatus = typeof ResponseStatus[keyof typeof ResponseStatus];

export type StatusName = keyof typeof ResponseStatus;

const NAMES: ReadonlyMap<number, StatusName> = new Map(
  Object.entries(ResponseStatus).map(([name, code]) => [code, name as StatusName]),
);

export function isResponseStatus(code: number): code is ResponseStatus {
  return NAMES.has(code);
}

/** The contract's name of a status, for logs and messages: `PsaErrorDoesNotExist`. */
export function statusName(code: number): string {
  return NAMES.get(code) ?? `status ${code}`;
}

/**
 * A refusal by one of our own rules; the front end handler answers with its `status`.
 *
 * The message is for the log and is shown to nobody else. It must not hold key material, and names
 * of keys and applications only go through the logger's fields.
 */
export class StatusError extends Error {
  readonly status: ResponseStatus;

  constructor(status: ResponseStatus, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StatusError";
    this.status = status;
  }
}
