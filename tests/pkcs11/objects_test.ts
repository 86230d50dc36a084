/** What the objects of keys look like to others, judged by pkcs11-tool; and keys that upstream has made. */
import assert from "node:assert/strict";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import {
  type Bench,
  generatedKey,
  importedKey,
  openBench,
  refused,
  unmadeKey,
} from "./provider.ts";

const P256 = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const keyName = "key";

/** What pkcs11-tool says of the objects with the CKA_ID of a key, each as its lines. */
async function objectsOf({ softhsm, token }: Bench, key: Key): Promise<readonly string[]> {
  const text = await softhsm.pkcs11Tool(token, "--list-objects");
  const id = key.id.toReversed().toHex();
  return text.split(/^(?=\S.* Object)/m)
    .filter((part) => part.includes(`ID:         ${id}`))
    .map((part) => part.replaceAll(/ +/g, " ").trim())
    .toSorted();
}

Deno.test("a key pair that signs has a label, its mechanism and no other use", async () => {
  await using bench = await openBench();
  const key = await generatedKey(bench.provider, P256, 256, {
    algorithm: ECDSA,
    usage: ["signHash", "verifyHash"],
    keyName: "gateway-tls",
  });
  const [privateKey = "", publicKey = ""] = await objectsOf(bench, key);
  assert.match(privateKey, /^Private Key Object; EC/);
  assert.match(privateKey, /label: gateway-tls \(parsec, app\)/);
  assert.match(privateKey, /Usage: sign$/m);
  assert.match(privateKey, /Access: sensitive, always sensitive, never extract(able)?, local$/m);
  assert.match(privateKey, /Allowed mechanisms: ECDSA$/m);
  assert.match(publicKey, /^Public Key Object; EC EC_POINT 256 bits/);
  assert.match(publicKey, /label: gateway-tls \(parsec, app\)/);
  assert.match(publicKey, /Usage: verify$/m);
});

Deno.test("a key that may be exported is extractable, and others are not", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  for (const [usage, wanted] of [[["encrypt"], false], [["encrypt", "export"], true]] as const) {
    const key = await generatedKey(provider, { kind: "aes" }, 256, { usage });
    const [object = ""] = await objectsOf(bench, key);
    assert.match(object, wanted ? /Access: extractable, local/ : /Access: sensitive, always/);
    assert.match(object, /Usage: encrypt$/m);
    if (wanted) assert.equal((await provider.keys.exportKey(key)).length, 32);
    else await refused(ResponseStatus.PsaErrorNotPermitted, () => provider.keys.exportKey(key));
  }
});

Deno.test("allow_export keeps keys in that could get out", async () => {
  await using bench = await openBench({ allowExport: false });
  const { provider } = bench;
  const { PsaErrorNotPermitted } = ResponseStatus;
  const aes = { kind: "aes" } as const;
  const exportable = () => unmadeKey(provider, aes, 128, { usage: ["encrypt", "export"] });
  await refused(PsaErrorNotPermitted, () => provider.keys.generateKey(exportable()));
  await refused(
    PsaErrorNotPermitted,
    () => provider.keys.importKey(exportable(), new Uint8Array(16)),
  );
  await generatedKey(provider, aes, 128, { usage: ["encrypt"] });
});

Deno.test("destroying a key takes its objects and no others, and may be asked twice", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  const key = await generatedKey(provider, P256, 256);
  const other = await generatedKey(provider, P256, 256);
  await provider.keys.destroyKey(key);
  await provider.keys.destroyKey(key);
  assert.deepEqual(await objectsOf(bench, key), []);
  assert.equal((await objectsOf(bench, other)).length, 2);
});

Deno.test("a key whose CKA_ID is somebody else's is not made, and nothing of theirs is touched", async () => {
  await using bench = await openBench();
  const { provider, softhsm, token } = bench;
  const key = unmadeKey(provider, P256, 256);
  const id = key.id.toReversed().toHex();
  await softhsm.pkcs11Tool(token, "--keypairgen", "--key-type", "EC:prime256v1", "--id", id);
  await refused(ResponseStatus.PsaErrorAlreadyExists, () => provider.keys.generateKey(key));
  await provider.keys.destroyKey(key);
  assert.equal((await objectsOf(bench, key)).length, 2);
});

Deno.test("what is half imported is gone when it is destroyed", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  const key = unmadeKey(provider, P256, 256);
  await refused(
    ResponseStatus.PsaErrorInvalidArgument,
    () => provider.keys.importKey(key, new Uint8Array(32)),
  );
  await provider.keys.destroyKey(key);
  assert.equal(await bench.softhsm.pkcs11Tool(bench.token, "--list-objects"), "");
});

/** Upstream's objects have the CKA_ID big-endian, no label, and its mapping the same number little-endian. */
Deno.test("a key that upstream has made keeps working", async () => {
  await using bench = await openBench();
  const { provider, softhsm, token } = bench;
  await softhsm.pkcs11Tool(
    token,
    "--keypairgen",
    "--key-type",
    "EC:prime256v1",
    "--id",
    "01020304",
  );
  const key: Key = {
    ...unmadeKey(provider, P256, 256),
    id: Uint8Array.of(4, 3, 2, 1),
    attributes: {
      type: P256,
      bits: 256,
      policy: { usageFlags: usageFlags("signHash", "verifyHash"), permittedAlgorithm: ECDSA },
    },
  };
  const about = { keyName, alg: ECDSA, hash: new Uint8Array(32).fill(1) };
  const { signature } = await provider.primitives.PsaSignHash(key, about);
  await provider.primitives.PsaVerifyHash(key, { ...about, signature });
  const publicKey = await provider.keys.exportPublicKey(key);
  const type = { kind: "ecc_public_key", family: EccFamily.SecpR1 } as const;
  const imported = await importedKey(provider, type, 0, publicKey, { algorithm: ECDSA });
  await provider.primitives.PsaVerifyHash(imported, { ...about, signature });
  await provider.keys.destroyKey(key);
  assert.deepEqual(await objectsOf(bench, key), []);
});
