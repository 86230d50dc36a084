/**
 * What must hold of a key derivation, whatever it makes (PSA Crypto API 1.0, psa_key_derivation_input_bytes
 * and psa_key_derivation_output_bytes).
 */
import type { Derivation } from "../../operations/convert/key_derivation.ts";
import {
  DERIVATION_INPUT_LIMIT,
  derivationCapacity,
  type DerivationInputs,
  SALT_LIMIT,
} from "../../psa/key_derivation.ts";
import { ResponseStatus, StatusError } from "../../status.ts";

/** @throws {StatusError} PsaErrorInvalidArgument */
export function checkDerivation({ secret, inputs }: Derivation): void {
  if (secret.kind === "agreement") requireNotEmpty("peer key", secret.peerKey);
  if (inputs.kind === "hkdf") {
    requireAtMost(SALT_LIMIT, "salt", inputs.salt.length);
    requireAtMost(DERIVATION_INPUT_LIMIT, "info", inputs.info.length);
  } else {
    const { label, seed } = inputs;
    requireNotEmpty("label", label);
    requireNotEmpty("seed", seed);
    requireAtMost(DERIVATION_INPUT_LIMIT, "label and seed", label.length + seed.length);
  }
}

/**
 * @param length Bytes that are wanted.
 * @throws {StatusError} PsaErrorInvalidArgument if it is 0, PsaErrorInsufficientData if it is more than the
 * derivation gives.
 */
export function checkOutputLength({ hash }: DerivationInputs, length: number): void {
  if (length === 0) throw invalid("an output of 0 bytes", "1 or more");
  const capacity = derivationCapacity(hash);
  if (length <= capacity) return;
  throw new StatusError(
    ResponseStatus.PsaErrorInsufficientData,
    `Cannot derive ${length} bytes: this derivation gives at most ${capacity}`,
  );
}

function requireAtMost(limit: number, what: string, length: number): void {
  if (length > limit) throw invalid(`${what} of ${length} bytes`, `at most ${limit}`);
}

function requireNotEmpty(what: string, bytes: Uint8Array): void {
  if (bytes.length === 0) throw invalid(`empty ${what}`, "at least one byte");
}

function invalid(found: string, wanted: string): StatusError {
  return new StatusError(
    ResponseStatus.PsaErrorInvalidArgument,
    `Cannot derive: found ${found}, wanted ${wanted}`,
  );
}
