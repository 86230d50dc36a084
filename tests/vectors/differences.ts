/**
 * Where this service deliberately answers otherwise than the upstream service did, and why. Anything else
 * that differs is a mistake.
 */
import { ResponseStatus } from "../../src/status.ts";

export interface Difference {
  /** Status of the answer, and what of its body is known. */
  readonly status: ResponseStatus;
  readonly bodyLength?: number;
  readonly reason: string;
}

const { Success, PsaErrorNotSupported, PsaErrorDoesNotExist } = ResponseStatus;

const P384 = "P-384 is an ordinary curve; upstream's size table has 284 where 384 is meant";
const RSA_SIZES = "upstream takes RSA of 1024, 2048 and 4096 bits only";

/** By file, then by the name of the case. */
export const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, Difference>>>> = {
  "header": {},
  "p1-generate": {
    "generate gen secp384r1": { status: Success, reason: P384 },
    "generate gen rsa 3072": { status: Success, reason: RSA_SIZES },
  },
  "p1-import": {},
  "p1-sign": {},
  "p1-encrypt": {},
  "p1-can-do": {},
  "p1-admin": {},
};
void PsaErrorNotSupported;
void PsaErrorDoesNotExist;
