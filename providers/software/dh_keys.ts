/** Diffie-Hellman keys in the groups of RFC 7919. All that computes with them goes to another thread. */
import type { Semaphore } from "../../ffi/runtime/semaphore.ts";
import { isKeySize } from "../../src/psa/key_sizes.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import type { KeyFamily } from "./key_family.ts";
import { AsymmetricKey } from "./loaded_key.ts";
import { invalidArgument } from "./refusals.ts";
import type { SoftwareRegistry } from "./registry.ts";

export function dhKeys(registry: SoftwareRegistry, elsewhere: Semaphore): KeyFamily {
  return {
    async generate(_type, bits) {
      const group = registry.dhGroup(bits);
      using key = await elsewhere.run(() => group.generateElsewhere());
      return { bytes: group.exportPrivate(key), bits };
    },
    accept(type, bits, data) {
      const found = data.length * 8;
      if ((bits !== 0 && bits !== found) || !isKeySize(type, found)) {
        throw invalidArgument(`Cannot import a DH key: found ${found} bits, wanted ${bits}`);
      }
      // For these groups that is all there is to check (SP 800-56A, 5.6.2.3.2).
      if (!registry.dhGroup(found).isInRange(data)) {
        throw invalidArgument("Cannot import a DH key: wanted 2 to the prime less 2");
      }
      return { bytes: new Uint8Array(data), bits: found };
    },
    load(type, bits, material) {
      const group = registry.dhGroup(bits);
      if (!isPublicKey(type)) return new AsymmetricKey(group.privateKey(material));
      return new AsymmetricKey(existing(group.publicKey(material)));
    },
    async exportPublic(_type, bits, key) {
      const group = registry.dhGroup(bits);
      using agreement = group.agreementWithGenerator(key);
      return existing(await elsewhere.run(() => agreement.agreeElsewhere(group.length)));
    },
  };
}

function existing<T>(found: T | undefined): T {
  if (found !== undefined) return found;
  throw invalidArgument("Cannot use a DH key: libcrypto refused it");
}
