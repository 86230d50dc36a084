/** Of the TPM 2.0 Library, part 2: TPM_ALG_ID (section 6.3) and TPM_ECC_CURVE (section 6.4). */
export const TPM_ALG = {
  RSA: 0x0001,
  SHA256: 0x000b,
  NULL: 0x0010,
  RSASSA: 0x0014,
  RSAES: 0x0015,
  RSAPSS: 0x0016,
  ECDSA: 0x0018,
  ECC: 0x0023,
} as const;

/** Bits of the NIST curves that TPMs have, by their number. */
export const CURVE_BITS: ReadonlyMap<number, number> = new Map([
  [0x0001, 192],
  [0x0002, 224],
  [0x0003, 256],
  [0x0004, 384],
  [0x0005, 521],
]);
