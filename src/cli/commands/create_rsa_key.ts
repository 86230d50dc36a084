import type { KeyPolicy } from "../../psa/key_attributes.ts";
import { Hash } from "../../psa/hash.ts";
import { usageFlags } from "../../psa/usage_flags.ts";
import { defineCommand } from "../command.ts";
import { KEY_NAME } from "../key_name.ts";
import { flag, option, wholeNumber } from "../parameters.ts";
import { createKey } from "../create_key.ts";

const DEFAULT_BITS = 2048;

export const createRsaKey = defineCommand({
  name: "create-rsa-key",
  summary: "Create an RSA key pair, for encryption unless told otherwise",
  details: "The service and its device decide which sizes there are.",
  parameters: {
    keyName: KEY_NAME,
    forSigning: flag("-s, --for-signing", "for signatures: PKCS#1 v1.5 with SHA-256"),
    forSigningPss: flag("-r, --for-signing-pss", "for signatures: PSS with SHA-256"),
    oaep: flag("-o, --oaep", "encrypt with OAEP (SHA-256) in place of PKCS#1 v1.5"),
    bits: option(
      "-b, --bits <bits>",
      `size of the key in bits (default: ${DEFAULT_BITS})`,
      wholeNumber({ min: 1, max: 0xffffffff }),
    ),
  },
  run: async (session, { keyName, forSigning, forSigningPss, oaep, bits }) => {
    await createKey(session, keyName, {
      type: { kind: "rsa_key_pair" },
      bits: bits ?? DEFAULT_BITS,
      policy: policyFor({ forSigning, forSigningPss, oaep }),
    });
  },
});

/** Signing wins over encryption, as in parsec-tool. */
function policyFor(
  wish: { readonly forSigning: boolean; readonly forSigningPss: boolean; readonly oaep: boolean },
): KeyPolicy {
  if (wish.forSigning || wish.forSigningPss) {
    return {
      usageFlags: usageFlags("signHash", "verifyHash", "signMessage", "verifyMessage"),
      permittedAlgorithm: {
        kind: wish.forSigningPss ? "rsa_pss" : "rsa_pkcs1v15_sign",
        hash: Hash.Sha256,
      },
    };
  }
  return {
    usageFlags: usageFlags("encrypt", "decrypt"),
    permittedAlgorithm: wish.oaep
      ? { kind: "rsa_oaep", hash: Hash.Sha256 }
      : { kind: "rsa_pkcs1v15_crypt" },
  };
}
