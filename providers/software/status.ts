/**
 * From what libcrypto says to the status the client gets.
 *
 * Most refusals are answers of our own, made before or instead of an error of the library; what arrives
 * here is rare.
 */
import { OpensslError } from "../../ffi/libcrypto/mod.ts";
import {
  ERR_LIB_ASN1,
  ERR_LIB_EC,
  ERR_LIB_PROV,
  ERR_LIB_RAND,
  ERR_LIB_RSA,
  ERR_R_MALLOC_FAILURE,
  ERR_R_UNSUPPORTED,
} from "../../ffi/libcrypto/types.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";

interface Row {
  /** ERR_LIB_*; any library where absent. */
  readonly library?: number;
  /** Reason within the library; any where absent. */
  readonly reason?: number;
  readonly status: ResponseStatus;
}

/** The first row that fits counts. Reasons: <openssl/rsaerr.h>, <openssl/ecerr.h>, <openssl/proverr.h>. */
const ROWS: readonly Row[] = [
  { reason: ERR_R_MALLOC_FAILURE, status: ResponseStatus.PsaErrorInsufficientMemory },
  // A name that no loaded provider of libcrypto knows.
  { reason: ERR_R_UNSUPPORTED, status: ResponseStatus.PsaErrorNotSupported },
  // The generator could not be seeded.
  { library: ERR_LIB_RAND, status: ResponseStatus.PsaErrorInsufficientEntropy },
  // RSA_R_DATA_TOO_LARGE_FOR_KEY_SIZE, _FOR_MODULUS, RSA_R_DIGEST_TOO_BIG_FOR_RSA_KEY
  { library: ERR_LIB_RSA, reason: 110, status: ResponseStatus.PsaErrorInvalidArgument },
  { library: ERR_LIB_RSA, reason: 132, status: ResponseStatus.PsaErrorInvalidArgument },
  { library: ERR_LIB_RSA, reason: 112, status: ResponseStatus.PsaErrorInvalidArgument },
  // EC_R_POINT_IS_NOT_ON_CURVE, EC_R_INVALID_ENCODING
  { library: ERR_LIB_EC, reason: 107, status: ResponseStatus.PsaErrorInvalidArgument },
  { library: ERR_LIB_EC, reason: 102, status: ResponseStatus.PsaErrorInvalidArgument },
  // PROV_R_XTS_DUPLICATED_KEYS: the two halves of the key are the same
  { library: ERR_LIB_PROV, reason: 149, status: ResponseStatus.PsaErrorInvalidArgument },
  // Key data is the only ASN.1 we let it read.
  { library: ERR_LIB_ASN1, status: ResponseStatus.PsaErrorInvalidArgument },
];

export function statusOf(error: OpensslError): ResponseStatus {
  const row = ROWS.find(({ library, reason }) =>
    (library ?? error.library) === error.library && (reason ?? error.reason) === error.reason
  );
  return row?.status ?? ResponseStatus.PsaErrorGenericError;
}

/** An error of libcrypto as one of ours, with the original as its cause; any other as it is. */
export function asStatusError(error: unknown): unknown {
  if (!(error instanceof OpensslError)) return error;
  return new StatusError(statusOf(error), error.message, { cause: error });
}

/** A table of functions whose errors, thrown or rejected, are ours. */
export function translated<T extends object>(table: T): T {
  const entries = Object.entries(table).map(([name, call]) => [name, translatedCall(call)]);
  // Each function keeps its name, its parameters and its result.
  return Object.fromEntries(entries) as T;
}

type Call = (...args: readonly unknown[]) => unknown;

function translatedCall(call: Call): Call {
  return (...args) => {
    try {
      const result = call(...args);
      return result instanceof Promise ? result.catch(rethrow) : result;
    } catch (error) {
      throw asStatusError(error);
    }
  };
}

function rethrow(error: unknown): never {
  throw asStatusError(error);
}
