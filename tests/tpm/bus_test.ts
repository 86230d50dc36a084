/** What can be seen on the way to the TPM: no secret of a client's, and no auth value. */
import assert from "node:assert/strict";
import { Secret } from "../../ffi/runtime/secret.ts";
import { AUTH_LENGTH, AuthVault } from "../../providers/tpm/auth_vault.ts";
import { CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { ResponseStatus } from "../../src/status.ts";
import { ECDSA, MADE, type MadeObject, makePersistent, NO_AUTH, refuses } from "./adoption.ts";
import { BusProxy } from "./bus_proxy.ts";
import { Swtpm } from "./swtpm.ts";
import { openTestTpmProvider, unmadeKey } from "./tpm_provider.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

const PAIR = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const ECDH = { kind: "raw_key_agreement", agreement: 2 } as const;
const HMAC = { kind: "hmac", hash: Hash.Sha256 } as const;
const OAEP = { kind: "rsa_oaep", hash: Hash.Sha256 } as const;
const CTR = { kind: "cipher", mode: CipherMode.Ctr } as const;
const NOTHING = new Uint8Array();

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

Deno.test("the bus shows no key, no plaintext, no shared secret, no random bytes", async (t) => {
  await using swtpm = await Swtpm.start();
  await using bus = new BusProxy(swtpm);
  using folder = new TempFolder();
  await using provider = await openTestTpmProvider(swtpm, folder, { tcti: bus.tcti });
  const { primitives, keys } = provider;
  const hidden = (secret: Uint8Array, what: string) => {
    assert.ok(bus.seenBytes > 100, "something went over the bus");
    assert.ok(secret.length >= 16);
    assert.equal(bus.saw(secret), false, `${what} is on the bus`);
    assert.equal(bus.saw(secret.subarray(0, 16)), false, `the beginning of ${what} is on the bus`);
    bus.forget();
  };
  const imported = async (key: ReturnType<typeof unmadeKey>, data: Uint8Array) => {
    const { keyId, bits } = await keys.importKey(key, data);
    return { ...key, id: keyId, attributes: { ...key.attributes, bits } };
  };
  const generated = async (key: ReturnType<typeof unmadeKey>) => ({
    ...key,
    id: (await keys.generateKey(key)).keyId,
  });

  await t.step("the wiretap sees what is not hidden", async () => {
    const key = await generated(unmadeKey(PAIR, 256, ECDH));
    const publicKey = await keys.exportPublicKey(key);
    assert.ok(bus.saw(publicKey.subarray(1, 33)));
    bus.forget();
  });
  await t.step("an imported private key", async () => {
    const scalar = random(32);
    scalar[0] = 0x11;
    await imported(unmadeKey(PAIR, 256, ECDH), scalar);
    hidden(scalar, "the scalar");
  });
  await t.step("an imported HMAC key, what it hashes, and the MAC", async () => {
    const secret = random(32);
    const key = await imported(unmadeKey({ kind: "hmac" }, 256, HMAC), secret);
    hidden(secret, "the key");
    for (const input of [random(64), random(5000)]) {
      const { mac } = await primitives.PsaMacCompute(key, { keyName: "", alg: HMAC, input });
      hidden(mac, "the MAC");
      await primitives.PsaMacCompute(key, { keyName: "", alg: HMAC, input });
      hidden(input, "the input");
    }
  });
  await t.step("an imported AES key and its plaintexts", async () => {
    const secret = random(32);
    const key = await imported(unmadeKey({ kind: "aes" }, 256, CTR), secret);
    hidden(secret, "the key");
    const plaintext = random(2000);
    const operation = { keyName: "", alg: CTR, plaintext };
    const { ciphertext } = await primitives.PsaCipherEncrypt(key, operation);
    hidden(plaintext, "the plaintext");
    await primitives.PsaCipherDecrypt(key, { keyName: "", alg: CTR, ciphertext });
    hidden(plaintext, "the decrypted plaintext");
  });
  await t.step("what RSA encrypts and decrypts", async () => {
    const key = await generated(unmadeKey({ kind: "rsa_key_pair" }, 2048, OAEP));
    const plaintext = random(32);
    const about = { keyName: "", alg: OAEP, salt: NOTHING };
    const { ciphertext } = await primitives.PsaAsymmetricEncrypt(key, { ...about, plaintext });
    hidden(plaintext, "the plaintext");
    await primitives.PsaAsymmetricDecrypt(key, { ...about, ciphertext });
    hidden(plaintext, "the decrypted plaintext");
  });
  await t.step("the secret that keys agree on", async () => {
    const key = await generated(unmadeKey(PAIR, 256, ECDH));
    const peerKey = await keys.exportPublicKey(await generated(unmadeKey(PAIR, 256, ECDH)));
    bus.forget();
    const operation = { privateKeyName: "", alg: ECDH, peerKey };
    hidden((await primitives.PsaRawKeyAgreement(key, operation)).sharedSecret, "the secret");
  });
  await t.step("what is hashed", async () => {
    for (const length of [32, 3000]) {
      const input = random(length);
      await primitives.PsaHashCompute({ alg: Hash.Sha256, input });
      hidden(input, "the input");
    }
  });
  await t.step(
    "random bytes, few and many, also after a command with nothing to encrypt",
    async () => {
      for (const size of [16, 64, 2000]) {
        hidden((await primitives.PsaGenerateRandom({ size })).randomBytes, "the random bytes");
        await primitives.PsaHashCompute({ alg: Hash.Sha256, input: new Uint8Array(1500) });
        bus.forget();
      }
    },
  );
});

Deno.test("the bus shows no auth value: neither the keys' nor the owner's", async () => {
  await using swtpm = await Swtpm.start();
  const owner = random(32);
  {
    using tools = new Tpm2Tools(swtpm);
    await tools.run("changeauth", "-c", "owner", `hex:${owner.toHex()}`);
  }
  await using bus = new BusProxy(swtpm);
  using folder = new TempFolder();
  const auths: Uint8Array[] = [];
  const original = AuthVault.prototype.newAuth;
  AuthVault.prototype.newAuth = function () {
    const auth = original.call(this);
    auths.push(auth.expose().slice());
    return auth;
  };
  try {
    const ownerAuth = new Secret(owner.slice());
    await using provider = await openTestTpmProvider(swtpm, folder, { tcti: bus.tcti, ownerAuth });
    const alg = { kind: "ecdsa", hash: Hash.Sha256 } as const;
    const unmade = unmadeKey(PAIR, 256, alg);
    const key = { ...unmade, id: (await provider.keys.generateKey(unmade)).keyId };
    await provider.primitives.PsaSignHash(key, { keyName: "", alg, hash: new Uint8Array(32) });
  } finally {
    AuthVault.prototype.newAuth = original;
  }
  assert.equal(auths.length, 1);
  for (const auth of [...auths, owner]) {
    assert.equal(auth.length, AUTH_LENGTH);
    assert.equal(bus.saw(auth), false);
  }
});

const READ_PUBLIC = 0x173;
const HANDLE = 0x8100_0010;
const OBJECT: MadeObject = {
  handle: HANDLE,
  kind: "ecc256:ecdsa-sha256:null",
  attributes: `${MADE}|sign|noda`,
};
const SOURCE = { kind: "tpm_handle", handle: HANDLE, auth: NO_AUTH } as const;

Deno.test("no public key that somebody on the bus has put in the place of the TPM's is adopted", async () => {
  await using swtpm = await Swtpm.start();
  using tools = new Tpm2Tools(swtpm);
  await makePersistent(tools, OBJECT);
  let isChanged = true;
  await using bus = new BusProxy(swtpm, {
    changeAnswer: (command, answer) => {
      const changed = new Uint8Array(answer);
      const inX = 45;
      if (isChanged && command === READ_PUBLIC) changed[inX] = (answer[inX] ?? 0) ^ 1;
      return changed;
    },
  });
  using folder = new TempFolder();
  await using provider = await openTestTpmProvider(swtpm, folder, { tcti: bus.tcti });
  const { identity, attributes: { policy } } = unmadeKey(PAIR, 256, ECDSA);
  const asked = { source: SOURCE, identity, policy, deleteWithKey: false };
  const adopt = async () => await provider.keys.adoptKey(asked);
  await refuses(adopt, ResponseStatus.PsaErrorCommunicationFailure, /RSP_AUTH_FAILED/);
  isChanged = false;
  await adopt();
});

Deno.test("nobody on the bus can have another object than the adopted one deleted", async () => {
  await using swtpm = await Swtpm.start();
  using tools = new Tpm2Tools(swtpm);
  await makePersistent(tools, OBJECT);
  let known: Uint8Array | undefined;
  let isChanged = false;
  await using bus = new BusProxy(swtpm, {
    changeAnswer: (command, answer) => {
      const changed = new Uint8Array(answer);
      if (command !== READ_PUBLIC || !isPlain(answer)) return changed;
      known ??= publicAreaOf(changed);
      if (isChanged) publicAreaOf(changed).set(known);
      return changed;
    },
  });
  using folder = new TempFolder();
  await using provider = await openTestTpmProvider(swtpm, folder, { tcti: bus.tcti });
  const { identity, attributes } = unmadeKey(PAIR, 256, ECDSA);
  const { policy } = attributes;
  const asked = { source: SOURCE, identity, policy, deleteWithKey: true };
  const key = { identity, attributes, id: (await provider.keys.adoptKey(asked)).keyId };
  await tools.run("evictcontrol", "-Q", "-C", "o", "-c", "0x81000010");
  await makePersistent(tools, { ...OBJECT, attributes: `${MADE}|sign` });
  isChanged = true;
  await provider.keys.destroyKey(key);
  assert.match(await tools.run("getcap", "handles-persistent"), /0x81000010/);
});

/** Whether an answer has no sessions. */
function isPlain({ buffer }: Uint8Array): boolean {
  return new DataView(buffer).getUint16(0) === 0x8001;
}

/** TPMT_PUBLIC in a plain answer to TPM2_ReadPublic, a view. */
function publicAreaOf({ buffer }: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const afterHeader = 10;
  const length = new DataView(buffer).getUint16(afterHeader);
  return new Uint8Array(buffer, afterHeader + 2, length);
}
