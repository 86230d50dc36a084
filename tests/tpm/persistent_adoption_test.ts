/** Persistent objects that tpm2-tools made, as keys of applications. */
import assert from "node:assert/strict";
import { Agreement, type Algorithm } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { OpensslCommand } from "../fakes/openssl_command.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import {
  adopt,
  ECDSA,
  lockoutCounter,
  MADE,
  type MadeObject,
  makePersistent,
  MESSAGE,
  NO_AUTH,
  refuses,
  signAndJudge,
  signature,
  withTools,
} from "./adoption.ts";
import { BusProxy } from "./bus_proxy.ts";
import { TpmBench } from "./tpm_provider.ts";

const AUTH = new TextEncoder().encode("very secret");
const ECC: MadeObject = {
  handle: 0x8100_0010,
  kind: "ecc256:ecdsa-sha256",
  attributes: `${MADE}|sign|noda`,
  auth: "very secret",
};
const at = (handle: number, auth: Uint8Array = AUTH) =>
  ({ kind: "tpm_handle", handle, auth }) as const;
const {
  PsaErrorDoesNotExist,
  PsaErrorInvalidArgument,
  PsaErrorNotPermitted,
  PsaErrorNotSupported,
} = ResponseStatus;

/** TPM_RC_FAILURE, _SESSION_MEMORY, _LOCKOUT, _RETRY. */
const STATES = {
  "101": ResponseStatus.PsaErrorHardwareFailure,
  "903": ResponseStatus.PsaErrorInsufficientMemory,
  "921": ResponseStatus.PsaErrorHardwareFailure,
  "922": ResponseStatus.PsaErrorHardwareFailure,
} as const;

const SIGNING: readonly {
  readonly name: string;
  readonly made: Omit<MadeObject, "handle">;
  readonly alg: Extract<Algorithm, { kind: "ecdsa" | "rsa_pss" | "rsa_pkcs1v15_sign" }>;
  readonly bits: number;
}[] = [
  { name: "P-256 with a fixed scheme and an auth value", made: ECC, alg: ECDSA, bits: 256 },
  {
    name: "P-384 with no scheme, that decrypts too",
    made: { kind: "ecc384", attributes: `${MADE}|sign|decrypt|noda` },
    alg: ECDSA,
    bits: 384,
  },
  {
    name: "RSA for PSS alone",
    made: {
      kind: "rsa2048:rsapss-sha256:null",
      attributes: `${MADE}|sign|noda`,
      auth: "very secret",
    },
    alg: { kind: "rsa_pss", hash: Hash.Sha256 },
    bits: 2048,
  },
  {
    name: "RSA with no scheme",
    made: { kind: "rsa1024:null:null", attributes: `${MADE}|sign|noda` },
    alg: { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 },
    bits: 1024,
  },
];

Deno.test("persistent objects sign for applications, before and after resets, power cuts and restarts", async (t) => {
  await using bench = await TpmBench.open();
  for (const [index, { name, made, alg, bits }] of SIGNING.entries()) {
    await t.step(name, async () => {
      const handle = 0x8100_0010 + index;
      const publicKey = await withTools(
        bench,
        (tools) => makePersistent(tools, { ...made, handle }),
      );
      const auth = made.auth === undefined ? NO_AUTH : AUTH;
      const key = await adopt(bench, { source: at(handle, auth), alg });
      assert.equal(key.attributes.bits, bits);
      await signAndJudge(bench, key, alg, publicKey);
      await bench.swtpm.reset();
      await signAndJudge(bench, key, alg, publicKey);
      await bench.swtpm.kill();
      await bench.swtpm.start();
      await signAndJudge(bench, key, alg, publicKey);
      await bench.reopen();
      await signAndJudge(bench, key, alg, publicKey);
    });
  }
});

Deno.test("tpm2_verifysignature accepts the signature of an adopted key", async () => {
  await using bench = await TpmBench.open();
  await withTools(bench, (tools) => makePersistent(tools, ECC));
  const key = await adopt(bench, { source: at(ECC.handle), alg: ECDSA });
  const raw = await signature(bench, key, ECDSA);
  await withTools(bench, async (tools) => {
    const verify = [
      "verifysignature",
      "-c",
      "0x81000010",
      "-g",
      "sha256",
      "-m",
      "message",
    ] as const;
    const half = (part: Uint8Array) => [0, 32, ...part];
    const wire = [0, 0x18, 0, 0x0b, ...half(raw.subarray(0, 32)), ...half(raw.subarray(32))];
    tools.write("message", MESSAGE);
    tools.write("signature", Uint8Array.from(wire));
    await tools.run(...verify, "-s", "signature");
    tools.write("message", Uint8Array.of(1));
    await assert.rejects(() => tools.run(...verify, "-s", "signature"));
  });
});

Deno.test("persistent objects decrypt and agree for applications", async (t) => {
  await using bench = await TpmBench.open();
  const { rsa, oaepOnly, ecc } = await withTools(bench, async (tools) => {
    const attributes = `${MADE}|decrypt`;
    const make = (handle: number, kind: string) =>
      makePersistent(tools, { handle, kind, attributes, auth: "very secret" });
    return {
      rsa: await make(0x8100_0020, "rsa2048"),
      oaepOnly: await make(0x8100_0021, "rsa2048:oaep-sha256"),
      ecc: await make(0x8100_0022, "ecc256:ecdh"),
    };
  });
  const decrypts = async (key: Key, alg: Algorithm, label: readonly number[] = []) => {
    if (alg.kind !== "rsa_oaep" && alg.kind !== "rsa_pkcs1v15_crypt") return assert.fail();
    using openssl = new OpensslCommand();
    openssl.write("key.pem", key.id[8] === 0x21 ? oaepOnly : rsa);
    openssl.write("plain", MESSAGE);
    const options = alg.kind === "rsa_oaep"
      ? ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256", ...labelOption(label)]
      : ["rsa_padding_mode:pkcs1"];
    openssl.must(
      ...["pkeyutl", "-encrypt", "-pubin", "-inkey", "key.pem", "-in", "plain", "-out", "secret"],
      ...options.flatMap((option) => ["-pkeyopt", option]),
    );
    const ciphertext = openssl.read("secret");
    const operation = { keyName: "", alg, ciphertext, salt: Uint8Array.from(label) };
    const { plaintext } = await bench.provider.primitives.PsaAsymmetricDecrypt(key, operation);
    assert.deepEqual([...plaintext], [...MESSAGE]);
  };
  const OAEP = { kind: "rsa_oaep", hash: Hash.Sha256 } as const;
  const PKCS1 = { kind: "rsa_pkcs1v15_crypt" } as const;
  await t.step("PKCS#1 v1.5", async () => {
    await decrypts(await adopt(bench, { source: at(0x8100_0020), alg: PKCS1 }), PKCS1);
  });
  await t.step("OAEP, with every label", async () => {
    const key = await adopt(bench, { source: at(0x8100_0020), alg: OAEP });
    for (const label of [[], [1, 0], [1]]) await decrypts(key, OAEP, label);
  });
  await t.step("OAEP by a key of nothing else, with the TPM's labels", async () => {
    const key = await adopt(bench, { source: at(0x8100_0021), alg: OAEP });
    for (const label of [[], [1, 0]]) await decrypts(key, OAEP, label);
    await refuses(() => decrypts(key, OAEP, [1]), PsaErrorNotSupported, /label/);
  });
  await t.step("ECDH", async () => {
    const alg = { kind: "raw_key_agreement", agreement: Agreement.Ecdh } as const;
    const key = await adopt(bench, { source: at(0x8100_0022), alg });
    using openssl = new OpensslCommand();
    openssl.write("key.pem", ecc);
    openssl.must("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "peer.pem");
    openssl.must("ec", "-in", "peer.pem", "-pubout", "-outform", "DER", "-out", "peer.der");
    const derive = ["pkeyutl", "-derive", "-inkey", "peer.pem", "-peerkey", "key.pem"];
    openssl.must(...derive, "-out", "theirs");
    const peerKey = openssl.read("peer.der").slice(-65);
    const { sharedSecret } = await bench.provider.primitives.PsaRawKeyAgreement(key, {
      privateKeyName: "",
      alg,
      peerKey,
    });
    assert.equal(sharedSecret.toHex(), openssl.read("theirs").toHex());
  });
});

function labelOption(label: readonly number[]): readonly string[] {
  return label.length === 0 ? [] : [`rsa_oaep_label:${Uint8Array.from(label).toHex()}`];
}

Deno.test("what can't be adopted is refused with the reason", async (t) => {
  const log = recordingLogger();
  await using bench = await TpmBench.open();
  await withTools(bench, async (tools) => {
    await makePersistent(tools, ECC);
    const rsa = { kind: "rsa2048", attributes: `${MADE}|decrypt` };
    await makePersistent(tools, { handle: 0x8100_0011, ...rsa });
    await makePersistent(tools, {
      handle: 0x8100_0012,
      kind: "ecc256:null:aes128cfb",
      attributes: `${MADE}|restricted|decrypt`,
    });
    await makePersistent(tools, {
      handle: 0x8100_0013,
      kind: "ecc256:ecdsa-sha256:null",
      attributes: `${MADE}|restricted|sign`,
    });
    await tools.run("startauthsession", "-S", "session");
    await tools.run("policyauthvalue", "-S", "session", "-L", "policy");
    await tools.run("flushcontext", "session");
    await makePersistent(tools, {
      handle: 0x8100_0014,
      kind: "ecc256",
      attributes: "fixedtpm|fixedparent|sensitivedataorigin|sign",
      more: ["-L", "policy"],
    });
    await tools.run(
      "create",
      "-Q",
      "-C",
      "0x81000012",
      "-G",
      "hmac",
      "-u",
      "mac.pub",
      "-r",
      "mac.priv",
    );
    await tools.run(
      "load",
      "-Q",
      "-C",
      "0x81000012",
      "-u",
      "mac.pub",
      "-r",
      "mac.priv",
      "-c",
      "mac",
    );
    await tools.run("evictcontrol", "-Q", "-C", "o", "-c", "mac", "0x81000015");
  });
  await bench.reopen({ log });
  const sha384 = { kind: "ecdsa", hash: Hash.Sha384 } as const;
  const ecdh = { kind: "raw_key_agreement", agreement: Agreement.Ecdh } as const;
  const anyHash = { kind: "ecdsa", hash: "any" } as const;
  const pss = { kind: "rsa_pss", hash: Hash.Sha256 } as const;
  const rows: readonly (readonly [string, number, Algorithm, ResponseStatus, RegExp])[] = [
    ["an empty handle", 0x8100_0fff, ECDSA, PsaErrorDoesNotExist, /nothing .* 0x81000fff/],
    ["a transient handle", 0x8000_0000, ECDSA, PsaErrorInvalidArgument, /no persistent handle/],
    ["a handle of the next kind", 0x8200_0000, ECDSA, PsaErrorInvalidArgument, /0x82000000/],
    [
      "another hash than the fixed one",
      ECC.handle,
      sha384,
      PsaErrorNotPermitted,
      /ECDSA with SHA256/,
    ],
    ["more than the fixed hash", ECC.handle, anyHash, PsaErrorNotPermitted, /fixed to ECDSA/],
    ["agreeing with a key that signs", ECC.handle, ecdh, PsaErrorNotPermitted, /lack decrypt/],
    ["signing with a key that decrypts", 0x8100_0011, pss, PsaErrorNotPermitted, /lack sign/],
    [
      "an algorithm of another kind of key",
      ECC.handle,
      pss,
      PsaErrorNotSupported,
      /can't do rsa_pss/,
    ],
    ["nothing at all", ECC.handle, { kind: "none" }, PsaErrorNotSupported, /can't do/],
    ["a parent", 0x8100_0012, ecdh, PsaErrorNotSupported, /parent of other keys/],
    ["an attestation key", 0x8100_0013, ECDSA, PsaErrorNotSupported, /restricted/],
    ["a key with a policy", 0x8100_0014, ECDSA, PsaErrorNotSupported, /needs a policy/],
    ["an HMAC key", 0x8100_0015, ECDSA, PsaErrorNotSupported, /keyedhash/],
  ];
  for (const [name, handle, alg, status, message] of rows) {
    await t.step(name, async () => {
      const before = log.lines.length;
      await refuses(() => adopt(bench, { source: at(handle), alg }), status, message);
      const [line] = log.lines.slice(before).filter(({ level }) => level === "warn");
      assert.match(String(line?.fields.reason), message);
    });
  }
  await t.step("deleting what is the platform's", async () => {
    const source = at(0x8180_0000);
    const run = () => adopt(bench, { source, alg: ECDSA, deleteWithKey: true });
    await refuses(run, PsaErrorNotPermitted, /platform's/);
  });
  await t.step("an auth value that is too long", async () => {
    const source = at(ECC.handle, new Uint8Array(65));
    await refuses(() => adopt(bench, { source, alg: ECDSA }), PsaErrorInvalidArgument, /65 bytes/);
  });
  await t.step("an object of a token", async () => {
    const source = { kind: "token_object", uri: "pkcs11:object=k" } as const;
    await refuses(() => adopt(bench, { source, alg: ECDSA }), PsaErrorNotSupported, /PKCS#11/);
  });
  await t.step("none of it counts as a wrong auth value", async () => {
    assert.equal(await withTools(bench, lockoutCounter), 0);
  });
});

for (const protection of ["with", "without"] as const) {
  Deno.test(`a wrong auth value is told after one try, ${protection} protection against guessing`, async () => {
    await using bench = await TpmBench.open();
    const attributes = `${MADE}|sign${protection === "with" ? "" : "|noda"}`;
    const publicKey = await withTools(
      bench,
      (tools) => makePersistent(tools, { ...ECC, attributes }),
    );
    const log = recordingLogger();
    await bench.reopen({ log });
    const source = at(ECC.handle, new TextEncoder().encode("very wrong"));
    const run = () => adopt(bench, { source, alg: ECDSA });
    await refuses(run, PsaErrorNotPermitted, /auth value is another one/);
    assert.equal(log.lines.some(({ message }) => message.includes("lost")), false);
    const counter = await withTools(bench, lockoutCounter);
    assert.equal(counter, protection === "with" ? 1 : 0);
    const key = await adopt(bench, { source: at(ECC.handle), alg: ECDSA });
    await signAndJudge(bench, key, ECDSA, publicKey);
  });
}

for (const [code, status] of Object.entries(STATES)) {
  Deno.test(`${code} from the TPM says nothing about the key that is tried`, async () => {
    await using bench = await TpmBench.open();
    await withTools(bench, (tools) => makePersistent(tools, ECC));
    let isUnwell = true;
    const answer = Uint8Array.fromHex(`80010000000a00000${code}`);
    const sign = 0x15d;
    await using bus = new BusProxy(bench.swtpm, {
      beforeCommand: ({ command }) =>
        Promise.resolve(isUnwell && command === sign ? answer : undefined),
    });
    let passed = 0;
    const clock = {
      now: () => passed,
      sleep: (ms: number) => Promise.resolve(void (passed += ms)),
    };
    await bench.reopen({ tcti: bus.tcti, clock });
    const run = () => adopt(bench, { source: at(ECC.handle), alg: ECDSA });
    await refuses(run, status, /Esys_Sign/);
    isUnwell = false;
    await run();
    await bench.reopen();
  });
}

Deno.test("the auth value of an adopted key is changed: it is tried once, not with each request", async () => {
  await using bench = await TpmBench.open();
  const made = { ...ECC, kind: "ecc256:null:aes128cfb", attributes: `${MADE}|restricted|decrypt` };
  await withTools(bench, async (tools) => {
    await makePersistent(tools, { ...made, handle: 0x8100_0001, auth: "" });
    const parent = ["-Q", "-C", "0x81000001"];
    await tools.run(
      "create",
      ...parent,
      "-G",
      "ecc256",
      "-u",
      "k.pub",
      "-r",
      "k.priv",
      "-p",
      "very secret",
    );
    await tools.run("load", ...parent, "-u", "k.pub", "-r", "k.priv", "-c", "k");
    await tools.run("evictcontrol", "-Q", "-C", "o", "-c", "k", "0x81000010");
  });
  const log = recordingLogger();
  const key = await adopt(bench, { source: at(ECC.handle), alg: ECDSA });
  await withTools(bench, async (tools) => {
    const change = ["-C", "0x81000001", "-c", "0x81000010", "-p", "very secret", "-r", "new.priv"];
    await tools.run("changeauth", ...change, "another");
    await tools.run("readpublic", "-Q", "-c", "0x81000010", "-o", "k.pub");
    await tools.run("evictcontrol", "-Q", "-C", "o", "-c", "0x81000010");
    await tools.run("load", "-Q", "-C", "0x81000001", "-u", "k.pub", "-r", "new.priv", "-c", "k");
    await tools.run("evictcontrol", "-Q", "-C", "o", "-c", "k", "0x81000010");
  });
  await bench.reopen({ log });
  const refused = () =>
    refuses(() => signature(bench, key, ECDSA), PsaErrorNotPermitted, /adopted with/);
  await Promise.all(Array.from({ length: 5 }, refused));
  await refused();
  const told = log.lines.filter(({ message }) => message.includes("adopt the key anew"));
  assert.equal(told.length, 1);
  assert.equal(await withTools(bench, lockoutCounter), 1);
});

Deno.test("what is at a handle when the key is destroyed stays, or goes with it", async (t) => {
  await using bench = await TpmBench.open();
  await withTools(bench, (tools) => makePersistent(tools, ECC));
  const handles = () => withTools(bench, (tools) => tools.run("getcap", "handles-persistent"));
  await t.step("it stays", async () => {
    const key = await adopt(bench, { source: at(ECC.handle), alg: ECDSA });
    await bench.provider.keys.destroyKey(key);
    assert.match(await handles(), /0x81000010/);
  });
  await t.step("it goes, and whoever else has it is told so", async () => {
    const log = recordingLogger();
    await bench.reopen({ log });
    const source = at(ECC.handle);
    const other = await adopt(bench, { source, alg: ECDSA, name: { application: "other" } });
    const key = await adopt(bench, { source, alg: ECDSA, deleteWithKey: true });
    await signature(bench, other, ECDSA);
    await bench.provider.keys.destroyKey(key);
    for (let i = 0; i < 2; i++) {
      await refuses(() => signature(bench, other, ECDSA), PsaErrorDoesNotExist, /nothing is at/);
    }
    assert.equal(log.lines.filter(({ level }) => level === "error").length, 1);
    await bench.provider.keys.destroyKey(key);
    assert.doesNotMatch(await handles(), /0x81000010/);
  });
  await t.step("not while the TPM is away", async () => {
    await withTools(bench, (tools) => makePersistent(tools, ECC));
    const source = at(ECC.handle);
    const kept = await adopt(bench, { source, alg: ECDSA, name: { application: "other" } });
    const key = await adopt(bench, { source, alg: ECDSA, deleteWithKey: true });
    let passed = 0;
    const clock = {
      now: () => passed,
      sleep: (ms: number) => Promise.resolve(void (passed += ms)),
    };
    await bench.reopen({ clock });
    await bench.swtpm.kill();
    const destroy = async () => await bench.provider.keys.destroyKey(key);
    await refuses(destroy, ResponseStatus.PsaErrorCommunicationFailure, /reach/);
    await bench.provider.keys.destroyKey(kept);
    await bench.swtpm.start();
    await destroy();
    assert.doesNotMatch(await handles(), /0x81000010/);
  });
});

Deno.test("another object at the handle is not the key, and is not deleted", async () => {
  await using bench = await TpmBench.open();
  const publicKey = await withTools(bench, (tools) => makePersistent(tools, ECC));
  const key = await adopt(bench, { source: at(ECC.handle), alg: ECDSA, deleteWithKey: true });
  await signAndJudge(bench, key, ECDSA, publicKey);
  const other = { ...ECC, kind: "ecc256" };
  await withTools(bench, async (tools) => {
    await tools.run("evictcontrol", "-Q", "-C", "o", "-c", "0x81000010");
    await makePersistent(tools, other);
  });
  const log = recordingLogger();
  await bench.reopen({ log });
  await refuses(() => signature(bench, key, ECDSA), PsaErrorDoesNotExist, /another object/);
  const [told] = log.lines.filter(({ level }) => level === "error");
  assert.match(String(told?.fields.reason), /at the TPM's handle 0x81000010 is another object/);
  await bench.provider.keys.destroyKey(key);
  const text = await withTools(bench, (tools) => tools.run("getcap", "handles-persistent"));
  assert.match(text, /0x81000010/);
});
