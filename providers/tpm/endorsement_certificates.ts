/**
 * Certificates of endorsement keys, which manufacturers leave in the TPM's NV memory (TCG EK Credential Profile for
 * TPM Family 2.0, section 2.2.1.4 for the key's own, 2.2.1.5.2 for those of its issuers).
 */
import {
  decodePublicArea,
  getNvIndices,
  OWNER,
  readNvIndex,
  TPM2_RC_FORMAT_0,
  Tss2Error,
} from "../../ffi/tss2/mod.ts";
import type { Logger } from "../../src/log.ts";
import { hasP256 } from "./capabilities.ts";
import type { EndorsementKeyKind } from "./endorsement_key.ts";
import type { Tpm } from "./tpm.ts";

/** The faster key first. */
const CERTIFICATE_INDICES: readonly (readonly [EndorsementKeyKind, number])[] = [
  ["ecc-p256", 0x01c0_000a],
  ["rsa-2048", 0x01c0_0002],
];
const FIRST_INDEX = 0x01c0_0000;
const FIRST_OF_CHAIN = 0x01c0_0100;
const LAST_OF_CHAIN = 0x01c0_01ff;

/** An endorsement key, and where its certificate is if there is one. */
export interface EndorsementChoice {
  readonly kind: EndorsementKeyKind;
  readonly certificateIndex: number | undefined;
  readonly chainIndices: readonly number[];
}

/** The key that has a certificate; where none has, the one that is made faster. */
export async function chooseEndorsementKey(tpm: Tpm): Promise<EndorsementChoice> {
  const indices = await tpm.plain((context) => getNvIndices(context, FIRST_INDEX));
  const [kind, certificateIndex] =
    CERTIFICATE_INDICES.find(([, index]) => indices.includes(index)) ??
      [hasP256(tpm.capabilities) ? "ecc-p256" : "rsa-2048", undefined] as const;
  const chainIndices = indices.filter((index) => index >= FIRST_OF_CHAIN && index <= LAST_OF_CHAIN);
  return { kind, certificateIndex, chainIndices };
}

/**
 * The certificate of an endorsement key, then those of its issuers; none if there is none for just this key.
 *
 * @param publicArea TPMT_PUBLIC of the key.
 */
export async function endorsementCertificates(
  tpm: Tpm,
  { certificateIndex, chainIndices }: EndorsementChoice,
  publicArea: Uint8Array,
  log: Logger,
): Promise<readonly Uint8Array[]> {
  if (certificateIndex === undefined) return [];
  const own = readCertificates(await readIndex(tpm, certificateIndex, log));
  const certificate = own.find((each) => isFor(each, publicArea));
  if (certificate === undefined) {
    log.warn(
      "The TPM has a certificate that is not for its default endorsement key; it is left out",
      { nvIndex: certificateIndex.toString(16) },
    );
    return [];
  }
  const chain = [];
  for (const index of chainIndices) chain.push(await readIndex(tpm, index, log));
  return [certificate, ...readCertificates(joined(chain))];
}

const UNREADABLE: ReadonlySet<number> = new Set([
  TPM2_RC_FORMAT_0.NV_AUTHORIZATION,
  TPM2_RC_FORMAT_0.NV_LOCKED,
  TPM2_RC_FORMAT_0.NV_UNINITIALIZED,
]);

/** Nothing if the owner may not read it, or it was never written. */
async function readIndex(tpm: Tpm, index: number, log: Logger): Promise<Uint8Array> {
  const chunk = tpm.capabilities.nvBuffer;
  try {
    return await tpm.secured((context, session) =>
      readNvIndex(context, [session], OWNER, { index, chunk })
    );
  } catch (error) {
    const code = error instanceof Tss2Error ? error.response.tpm : undefined;
    if (code === undefined || !UNREADABLE.has(code)) throw error;
    log.warn("A certificate in the TPM can't be read; it is left out", {
      nvIndex: index.toString(16),
    }, { error });
    return new Uint8Array();
  }
}

/** SEQUENCE whose length takes two bytes, as that of any certificate does (X.690). */
const SEQUENCE = 0x30;
const TWO_BYTES_OF_LENGTH = 0x82;
const HEAD_LENGTH = 4;

/**
 * The certificates in a row of bytes, each cut at its end: there may be headers before and padding after them.
 *
 * @returns Copies.
 */
export function readCertificates(bytes: Uint8Array): readonly Uint8Array[] {
  const certificates = [];
  for (let at = 0; at + HEAD_LENGTH <= bytes.length;) {
    const [tag, form, high = 0, low = 0] = bytes.subarray(at);
    const end = at + HEAD_LENGTH + (high << 8 | low);
    if (tag === SEQUENCE && form === TWO_BYTES_OF_LENGTH && end <= bytes.length) {
      certificates.push(bytes.slice(at, end));
      at = end;
    } else at++;
  }
  return certificates;
}

/** Whether a certificate has the very number, or coordinate, of a key in it. */
function isFor(certificate: Uint8Array, publicArea: Uint8Array): boolean {
  const area = decodePublicArea(publicArea);
  if (area.type !== "rsa" && area.type !== "ecc") return false;
  const text = certificate.toHex();
  const numbers = area.type === "rsa" ? [area.modulus] : [area.x, area.y];
  return numbers.every((number) => text.includes(number.toHex()));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
