/**
 * Key attributes (PSA Crypto API 1.0, "Key attributes"). The lifetime is not on the wire: every key of the
 * service is persistent.
 */
import type { Algorithm } from "./algorithm.ts";
import type { KeyType } from "./key_type.ts";
import type { UsageFlags } from "./usage_flags.ts";

export interface KeyPolicy {
  readonly usageFlags: UsageFlags;
  readonly permittedAlgorithm: Algorithm;
}

export interface KeyAttributes {
  readonly type: KeyType;
  /** Size in bits; 0 in an import means "as the data says". */
  readonly bits: number;
  readonly policy: KeyPolicy;
}
