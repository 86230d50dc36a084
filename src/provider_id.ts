/**
 * The provider numbers of the wire header. A number stands for a kind of back end, not for one device.
 *
 * Source: Parsec book, "Wire Protocol" and "ListProviders".
 */
export const ProviderId = {
  Core: 0,
  /** Upstream's Mbed Crypto provider; served here by the software provider over libcrypto. */
  Software: 1,
  Pkcs11: 2,
  Tpm: 3,
  TrustedService: 4,
  CryptoAuthLib: 5,
} as const;
export type ProviderId = typeof ProviderId[keyof typeof ProviderId];

const IDS: ReadonlySet<number> = new Set(Object.values(ProviderId));

export function isProviderId(id: number): id is ProviderId {
  return IDS.has(id);
}
