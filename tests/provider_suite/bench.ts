/** Keys on the bench: made in whatever way the provider has, for use with one algorithm. */
import type { Algorithm } from "../../src/psa/algorithm.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import { USAGE_FLAGS, type UsageFlag, usageFlags } from "../../src/psa/usage_flags.ts";
import { type Caller, freshName } from "./caller.ts";
import { counterpart, keyMaterial, publicKeyShape } from "./material.ts";
import { signedBy } from "./round_trips.ts";
import { type KeyCell } from "./universe.ts";
import type { Declarations } from "./unsupported.ts";

export const NO_ALGORITHM: Algorithm = { kind: "none" };

/** Attributes with all usage flags, unless some are named. */
export function attributesOf(
  { type, bits }: KeyCell,
  permittedAlgorithm: Algorithm = NO_ALGORITHM,
  flags: readonly UsageFlag[] = USAGE_FLAGS,
): KeyAttributes {
  return { type, bits, policy: { usageFlags: usageFlags(...flags), permittedAlgorithm } };
}

/** A key for an algorithm. */
export interface KeyOnBench {
  readonly cell: KeyCell;
  readonly algorithm: Algorithm;
  readonly keyName: string;
  /** The same pair under another name: signs and decrypts where the key itself can't. */
  readonly partner: string | undefined;
}

export class Bench {
  readonly caller: Caller;
  readonly #declared: Declarations;

  constructor(caller: Caller, declared: Declarations) {
    this.caller = caller;
    this.#declared = declared;
  }

  /** Whether keys of this type and size can be made in some way. */
  makes(cell: KeyCell): boolean {
    return this.#declared.makes(cell, "import") || this.#declared.makes(cell, "generate");
  }

  /** Makes a key, lends it, and destroys it afterwards. */
  async withKey<T>(
    cell: KeyCell,
    algorithm: Algorithm,
    use: (key: KeyOnBench) => Promise<T>,
  ): Promise<T> {
    const isPublic = isPublicKey(cell.type);
    const partner = isPublic || this.#needsSigner(cell, algorithm) ? freshName() : undefined;
    const keyName = freshName();
    if (partner !== undefined) {
      await this.makeKey(partner, isPublic ? counterpart(cell) : cell, signedBy(algorithm));
    }
    if (isPublic && partner !== undefined) {
      await this.#importPublic(keyName, { cell, algorithm, partner });
    } else await this.makeKey(keyName, cell, algorithm);
    try {
      return await use({ cell, algorithm, keyName, partner });
    } finally {
      await this.caller.destroy(keyName);
      if (partner !== undefined) await this.caller.destroy(partner);
    }
  }

  /** A key of this type to import; a public key is a pair's, where there can be such a pair. */
  async importData(cell: KeyCell): Promise<Uint8Array> {
    if (!isPublicKey(cell.type)) return keyMaterial(cell);
    const pair = counterpart(cell);
    if (cell.type.kind === "rsa_public_key" || !this.makes(pair)) return publicKeyShape(cell);
    return await this.withKey(pair, NO_ALGORITHM, ({ keyName }) => this.publicKeyOf(keyName));
  }

  /** The public half of a key pair. */
  async publicKeyOf(keyName: string): Promise<Uint8Array> {
    return (await this.caller.must("PsaExportPublicKey", { keyName })).data;
  }

  /** Whether the key can only verify. Its partner is the same pair only where it can be imported twice. */
  #needsSigner(cell: KeyCell, algorithm: Algorithm): boolean {
    return algorithm.kind === "deterministic_ecdsa" && this.#declared.makes(cell, "import") &&
      !this.#declared.serves("PsaSignHash", algorithm, cell);
  }

  /** A key pair or symmetric key; by import where that works, for generating takes long. */
  async makeKey(keyName: string, cell: KeyCell, algorithm: Algorithm): Promise<void> {
    const attributes = attributesOf(cell, algorithm);
    if (this.#declared.makes(cell, "import")) {
      const data = keyMaterial(cell);
      await this.caller.must("PsaImportKey", { keyName, attributes, data });
    } else {
      await this.caller.must("PsaGenerateKey", { keyName, attributes });
    }
  }

  async #importPublic(
    keyName: string,
    { cell, algorithm, partner }: Omit<KeyOnBench, "keyName"> & { readonly partner: string },
  ): Promise<void> {
    const attributes = attributesOf(cell, algorithm);
    const data = await this.publicKeyOf(partner);
    await this.caller.must("PsaImportKey", { keyName, attributes, data });
  }
}
