import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { EccFamily } from "../../psa/key_type.ts";
import { Hash } from "../../psa/hash.ts";
import type { KeyAttributes } from "../../psa/key_attributes.ts";
import { usageFlags } from "../../psa/usage_flags.ts";
import { ResponseStatus, StatusError } from "../../status.ts";
import { KEY_ATTRIBUTES } from "../../../tests/fakes/operation_samples.ts";
import { decodeKeyAttributes, encodeKeyAttributes } from "./key_attributes.ts";

Deno.test("decodeKeyAttributes() gives back what encodeKeyAttributes() was given", () => {
  for (const attributes of KEY_ATTRIBUTES) {
    deepStrictEqual(decodeKeyAttributes(encodeKeyAttributes(attributes)), attributes);
  }
});

Deno.test("encodeKeyAttributes() gives the bytes that a client sends", () => {
  const attributes: KeyAttributes = {
    type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
    bits: 256,
    policy: {
      usageFlags: usageFlags("export", "signMessage", "verifyMessage", "signHash", "verifyHash"),
      permittedAlgorithm: { kind: "ecdsa", hash: Hash.Sha256 },
    },
  };
  const hex = "0a045a0208021080021a160a0a080130013801400148011208320622040a021007";
  strictEqual(encodeKeyAttributes(attributes).toHex(), hex);
  deepStrictEqual(decodeKeyAttributes(Uint8Array.fromHex(hex)), attributes);
});

Deno.test("decodeKeyAttributes() leaves the usage flags as they came", () => {
  const bytes = Uint8Array.fromHex("0a020a001a080a02400112020a00"); // sign_hash alone
  const { policy } = decodeKeyAttributes(bytes);
  deepStrictEqual(policy.usageFlags, usageFlags("signHash"));
});

Deno.test("decodeKeyAttributes() refuses what is incomplete or no message", async (t) => {
  const cases: Readonly<Record<string, readonly [string, ResponseStatus]>> = {
    "nothing": ["", ResponseStatus.InvalidEncoding],
    "no key type": ["1a060a0012020a00", ResponseStatus.InvalidEncoding],
    "an empty key type": ["0a001a060a0012020a00", ResponseStatus.InvalidEncoding],
    "no policy": ["0a020a00", ResponseStatus.InvalidEncoding],
    "no usage flags": ["0a020a001a0412020a00", ResponseStatus.InvalidEncoding],
    "no algorithm": ["0a020a001a020a00", ResponseStatus.InvalidEncoding],
    "an empty algorithm": ["0a020a001a040a001200", ResponseStatus.InvalidEncoding],
    "a cut message": ["0a020a001a060a0012020a", ResponseStatus.DeserializingBodyFailed],
    "a key type that is a number": ["0801", ResponseStatus.DeserializingBodyFailed],
  };
  for (const [name, [hex, status]] of Object.entries(cases)) {
    await t.step(name, () => {
      throws(
        () => decodeKeyAttributes(Uint8Array.fromHex(hex)),
        (error) => error instanceof StatusError && error.status === status,
      );
    });
  }
});
