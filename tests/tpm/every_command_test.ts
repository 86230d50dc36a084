/** A TPM that is reset, or whose resource manager restarts, before any one of the commands of any operation. */
import assert from "node:assert/strict";
import { CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import type { KeySource } from "../../src/operations/convert/key_source.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { encodedKey, MADE, makePersistent, NO_AUTH, STORAGE_KEY } from "./adoption.ts";
import { type BusConnection, BusProxy } from "./bus_proxy.ts";
import { credentialFor } from "./attestation_judge.ts";
import { makeCredential } from "./credential.ts";
import { Swtpm } from "./swtpm.ts";
import { openTestTpmProvider, unmadeKey } from "./tpm_provider.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

const PAIR = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const ECDH = { kind: "raw_key_agreement", agreement: 2 } as const;
const HMAC = { kind: "hmac", hash: Hash.Sha256 } as const;
const CTR = { kind: "cipher", mode: CipherMode.Ctr } as const;
const MESSAGE = new TextEncoder().encode("whatever happens");
const LONG = new Uint8Array(3000).fill(3);
const SECRET = new TextEncoder().encode("only this TPM can read it");

/** TPM2_Startup(CLEAR), as the kernel or firmware sends it. */
const STARTUP = Uint8Array.fromHex("80010000000c000001440000");

const INTERRUPTIONS = {
  "a reset": (swtpm) => swtpm.reset(),
  "a reset of a TPM that somebody else starts": async (swtpm, connection) => {
    await swtpm.reset();
    const answer = await connection.send(STARTUP);
    assert.equal(answer.toHex(), "80010000000a00000000");
  },
  "a restart of the resource manager": (_, connection) => {
    connection.cut();
    return Promise.resolve();
  },
} satisfies Record<string, (swtpm: Swtpm, connection: BusConnection) => Promise<void>>;

/** Commands after which it happens once more, while everything is opened again. */
const AGAIN: readonly (readonly number[])[] = [[], [1, 3], [2, 5]];

for (const [name, interrupt] of Object.entries(INTERRUPTIONS)) {
  Deno.test(`${name} before any command costs no operation its answer`, (t) =>
    disturbed(t, AGAIN, (swtpm, connection) => interrupt(swtpm, connection)));
}

/** What a TPM answers for once, one of each kind (`failures.ts`), and can do the next time. */
const REFUSALS = {
  CONTEXT_GAP: 0x901,
  OBJECT_MEMORY: 0x902,
  SESSION_MEMORY: 0x903,
  NV_RATE: 0x920,
  RETRY: 0x922,
} as const;

/** The one command that needs no room, nor time: it makes some. */
const FLUSH_CONTEXT = 0x165;

for (const [name, code] of Object.entries(REFUSALS)) {
  Deno.test(`TPM_RC_${name} for any command costs no operation its answer`, (t) => {
    const answer = Uint8Array.fromHex(`80010000000a${code.toString(16).padStart(8, "0")}`);
    const disturb = (_: Swtpm, { command }: BusConnection) =>
      Promise.resolve(command === FLUSH_CONTEXT ? undefined : answer);
    return disturbed(t, [[]], disturb);
  });
}

/** Every operation, with a disturbance before its first command, then before its second, and so on. */
async function disturbed(
  t: Deno.TestContext,
  repetitions: typeof AGAIN,
  disturb: (swtpm: Swtpm, connection: BusConnection) => Promise<Uint8Array | undefined | void>,
): Promise<void> {
  await using swtpm = await Swtpm.start();
  const sources = await keysOfOthers(swtpm);
  let left = Infinity;
  let again: readonly number[] = [];
  await using bus = new BusProxy(swtpm, {
    beforeCommand: async (connection) => {
      left--;
      if (left === 0 || again.includes(-left)) return await disturb(swtpm, connection);
    },
  });
  using folder = new TempFolder();
  await using provider = await openTestTpmProvider(swtpm, folder, { tcti: bus.tcti });
  const operations = await prepare(provider, sources);
  for (const [operation, run] of Object.entries(operations)) {
    await t.step(operation, async () => {
      for (again of repetitions) {
        let before = 0;
        do {
          left = ++before;
          await run().catch((error) => {
            throw new Error(`Failed at command ${before}, then ${again}`, { cause: error });
          });
        } while (left <= 0);
        assert.ok(before > 1, "it takes a command at least");
      }
      left = Infinity;
    });
  }
}

type Provider = Awaited<ReturnType<typeof openTestTpmProvider>>;

/** A persistent object, and a key in a file below another one. */
async function keysOfOthers(swtpm: Swtpm): Promise<readonly KeySource[]> {
  using tools = new Tpm2Tools(swtpm);
  await makePersistent(tools, STORAGE_KEY);
  const made = { kind: "ecc256:ecdsa-sha256:null", attributes: `${MADE}|sign|noda` };
  await makePersistent(tools, { handle: 0x8100_0002, ...made, auth: "secret" });
  const { pem } = await encodedKey(tools, made);
  return [
    { kind: "tpm_handle", handle: 0x8100_0002, auth: new TextEncoder().encode("secret") },
    { kind: "tss2_key", pem, auth: NO_AUTH },
  ];
}

/** Each does something, and checks what comes of it. */
async function prepare(
  { keys, primitives, attestation, platformAttestation }: Provider,
  sources: readonly KeySource[],
): Promise<Record<string, () => Promise<void>>> {
  assert.ok(attestation);
  assert.ok(platformAttestation);
  const generate = async (unmade: Key): Promise<Key> => ({
    ...unmade,
    id: (await keys.generateKey(unmade)).keyId,
  });
  const signing = await generate(unmadeKey(PAIR, 256, ECDSA));
  const agreeing = await generate(unmadeKey(PAIR, 256, ECDH));
  const mac = await generate(unmadeKey({ kind: "hmac" }, 256, HMAC));
  const aes = await generate(unmadeKey({ kind: "aes" }, 128, CTR));
  const peerKey = await keys.exportPublicKey(signing);
  const agreement = { privateKeyName: "", alg: ECDH, peerKey };
  const agreed = await primitives.PsaRawKeyAgreement(agreeing, agreement);
  const credential = await makeCredential(await attestation.prepare(signing), SECRET);
  const identity = await platformAttestation.identity();
  const platformCredential = await credentialFor(identity, SECRET);
  const macOf = async (input: Uint8Array) =>
    (await primitives.PsaMacCompute(mac, { keyName: "", alg: HMAC, input })).mac.toHex();
  const macs = { short: await macOf(MESSAGE), long: await macOf(LONG) };
  const signed = { keyName: "", alg: ECDSA, message: MESSAGE };
  const { signature } = await primitives.PsaSignMessage(signing, signed);
  return {
    "sign": async () => {
      const made = await primitives.PsaSignMessage(signing, signed);
      assert.equal(made.signature.length, 64);
    },
    "verify": async () => {
      await primitives.PsaVerifyMessage(signing, { ...signed, signature });
    },
    "generate, use, destroy": async () => {
      const key = await generate(unmadeKey(PAIR, 256, ECDSA));
      await primitives.PsaSignMessage(key, signed);
      await keys.destroyKey(key);
    },
    "adopt, use, forget": async () => {
      for (const source of sources) {
        const { identity, attributes } = unmadeKey(PAIR, 256, ECDSA);
        const asked = { source, identity, policy: attributes.policy, deleteWithKey: false };
        const key = { identity, attributes, id: (await keys.adoptKey(asked)).keyId };
        await primitives.PsaSignMessage(key, signed);
        await keys.destroyKey(key);
      }
    },
    "import": async () => {
      const scalar = crypto.getRandomValues(new Uint8Array(32)).fill(1, 0, 1);
      await keys.importKey(unmadeKey(PAIR, 256, ECDSA), scalar);
    },
    "import a public key": async () => {
      const type = { kind: "ecc_public_key", family: EccFamily.SecpR1 } as const;
      await keys.importKey(unmadeKey(type, 256, ECDSA), peerKey);
    },
    "agree": async () => {
      const { sharedSecret } = await primitives.PsaRawKeyAgreement(agreeing, agreement);
      assert.equal(sharedSecret.toHex(), agreed.sharedSecret.toHex());
    },
    "MAC": async () => assert.equal(await macOf(MESSAGE), macs.short),
    "MAC of more than one command takes": async () => assert.equal(await macOf(LONG), macs.long),
    "hash of more than one command takes": async () => {
      const { hash } = await primitives.PsaHashCompute({ alg: Hash.Sha256, input: LONG });
      const expected = await crypto.subtle.digest("SHA-256", LONG);
      assert.equal(hash.toHex(), new Uint8Array(expected).toHex());
    },
    "encrypt and decrypt": async () => {
      const about = { keyName: "", alg: CTR };
      const { ciphertext } = await primitives.PsaCipherEncrypt(aes, { ...about, plaintext: LONG });
      const { plaintext } = await primitives.PsaCipherDecrypt(aes, { ...about, ciphertext });
      assert.equal(plaintext.toHex(), LONG.toHex());
    },
    "random": async () => {
      assert.equal((await primitives.PsaGenerateRandom({ size: 100 })).randomBytes.length, 100);
    },
    "prepare an attestation": async () => {
      const { name } = await attestation.prepare(signing);
      assert.equal(name.length, 34);
    },
    "attest": async () => {
      const { credential: found } = await attestation.attest(signing, credential);
      assert.equal(found.toHex(), SECRET.toHex());
    },
    "tell the attestation identity": async () => {
      assert.deepEqual(await platformAttestation.identity(), identity);
    },
    "activate the attestation key": async () => {
      const { credential: found } = await platformAttestation.activate(platformCredential);
      assert.equal(found.toHex(), SECRET.toHex());
    },
    "certify": async () => {
      const { statement } = await platformAttestation.certify(signing, MESSAGE);
      assert.ok(statement.toHex().includes(MESSAGE.toHex()));
    },
    "quote": async () => {
      const { registers } = await platformAttestation.quote(MESSAGE, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
      assert.equal(registers.length, 9);
    },
  };
}
