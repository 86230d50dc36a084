/** Where this service deliberately sees a vector otherwise than Wycheproof does. */
interface Difference {
  readonly file: string;
  readonly tcIds: readonly number[];
  readonly as: "valid" | "invalid";
  readonly reason: string;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    file: "rsa_pss_2048_sha256_mgf1_0",
    tcIds: [69],
    as: "valid",
    reason: "the salt is 32 bytes long: what PSA prescribes, though not the group",
  },
  {
    file: "aes_gcm",
    tcIds: [268, 272, 276],
    as: "invalid",
    reason: "libcrypto takes nonces of at most 128 bytes; these have 257",
  },
];

export function differenceOf(
  { file }: { readonly file: string },
  { tcId }: { readonly tcId: number },
): "valid" | "invalid" | undefined {
  return DIFFERENCES.find((row) =>
    row.file === file && row.tcIds.includes(tcId)
  )?.as;
}
