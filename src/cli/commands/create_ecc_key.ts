import { Hash } from "../../psa/hash.ts";
import { EccFamily } from "../../psa/key_type.ts";
import { usageFlags } from "../../psa/usage_flags.ts";
import { defineCommand } from "../command.ts";
import { createKey } from "../create_key.ts";
import { KEY_NAME } from "../key_name.ts";

export const createEccKey = defineCommand({
  name: "create-ecc-key",
  summary: "Create an ECC key pair on P-256 for signatures: ECDSA with SHA-256",
  parameters: { keyName: KEY_NAME },
  run: async (session, { keyName }) => {
    await createKey(session, keyName, {
      type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
      bits: 256,
      policy: {
        usageFlags: usageFlags("signHash", "verifyHash", "signMessage", "verifyMessage"),
        permittedAlgorithm: { kind: "ecdsa", hash: Hash.Sha256 },
      },
    });
  },
});
