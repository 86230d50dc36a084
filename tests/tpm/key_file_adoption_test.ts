/** TSS2 PRIVATE KEY files that openssl and tpm2-tools made, as keys of applications. */
import assert from "node:assert/strict";
import { decodeAdoptedKeyId } from "../../providers/tpm/adopted_key_id.ts";
import { decodeKeyId } from "../../providers/tpm/key_id.ts";
import { derElement } from "../../providers/tpm/der.ts";
import { Agreement, type Algorithm } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { OpensslCommand } from "../fakes/openssl_command.ts";
import {
  adopt,
  ECDSA,
  encodedKey,
  type KeyFile,
  keyFile,
  lockoutCounter,
  MADE,
  makePersistent,
  MESSAGE,
  NO_AUTH,
  PAIR,
  refuses,
  signAndJudge,
  signature,
  STORAGE_KEY,
  withTools,
} from "./adoption.ts";
import { TpmBench } from "./tpm_provider.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

const AUTH = new TextEncoder().encode("very secret");
const {
  PsaErrorDoesNotExist,
  PsaErrorInvalidArgument,
  PsaErrorNotPermitted,
  PsaErrorNotSupported,
} = ResponseStatus;

const fileOf = ({ pem }: KeyFile, auth: Uint8Array = NO_AUTH) =>
  ({ kind: "tss2_key", pem, auth }) as const;

/** A key that openssl has the TPM make. */
async function genpkey(tools: Tpm2Tools, ...options: readonly string[]): Promise<KeyFile> {
  await tools.openssl("genpkey", ...options, "-out", "key.pem");
  const hasAuth = options.some((each) => each.includes("user-auth"));
  const auth = hasAuth ? ["-passin", "pass:very secret"] : [];
  await tools.openssl("pkey", ...auth, "-in", "key.pem", "-pubout", "-out", "public.pem");
  return keyFile(tools);
}

const EC = ["-algorithm", "EC", "-pkeyopt", "group:P-256"] as const;
const RSA = ["-algorithm", "RSA", "-pkeyopt", "bits:2048"] as const;

for (const rootKey of ["ecc-p256", "rsa-2048"] as const) {
  Deno.test(`keys that openssl made with the TPM sign for applications, beside an ${rootKey} root key`, async (t) => {
    await using bench = await TpmBench.open({ rootKey });
    const files = await withTools(bench, async (tools) => {
      await makePersistent(tools, STORAGE_KEY);
      const auth = ["-pkeyopt", "user-auth:very secret"];
      return {
        "P-256": await genpkey(tools, ...EC),
        "P-256 with an auth value": await genpkey(tools, ...EC, ...auth),
        "P-256 under a persistent parent": await genpkey(
          tools,
          ...EC,
          ...auth,
          ...["-pkeyopt", "parent:0x81000001"],
        ),
        "RSA": await genpkey(tools, ...RSA, ...auth),
      };
    });
    await bench.reopen({ rootKey });
    for (const [name, file] of Object.entries(files)) {
      await t.step(name, async () => {
        const alg = name === "RSA" ? { kind: "rsa_pss", hash: Hash.Sha256 } as const : ECDSA;
        const auth = name === "P-256" ? NO_AUTH : AUTH;
        const key = await adopt(bench, { source: fileOf(file, auth), alg });
        await signAndJudge(bench, key, alg, file.publicKey);
        await bench.reopen({ rootKey });
        await signAndJudge(bench, key, alg, file.publicKey);
        await bench.provider.keys.destroyKey(key);
      });
    }
  });
}

Deno.test("keys of files come back after many resets", async () => {
  await using bench = await TpmBench.open();
  const file = await withTools(bench, async (tools) => {
    await makePersistent(tools, STORAGE_KEY);
    return await encodedKey(tools, {
      kind: "ecc256:ecdsa-sha256",
      attributes: `${MADE}|sign|noda`,
    });
  });
  const key = await adopt(bench, { source: fileOf(file), alg: ECDSA });
  for (let i = 0; i < 10; i++) {
    await bench.swtpm.reset();
    await signAndJudge(bench, key, ECDSA, file.publicKey);
  }
});

Deno.test("the key of a file decrypts and agrees", async (t) => {
  await using bench = await TpmBench.open();
  const { rsa, ecc } = await withTools(bench, async (tools) => {
    return { rsa: await genpkey(tools, ...RSA), ecc: await genpkey(tools, ...EC) };
  });
  const { primitives } = bench.provider;
  await t.step("PKCS#1 v1.5", async () => {
    const alg = { kind: "rsa_pkcs1v15_crypt" } as const;
    const key = await adopt(bench, { source: fileOf(rsa), alg });
    using openssl = new OpensslCommand();
    openssl.write("key.pem", rsa.publicKey);
    openssl.write("plain", MESSAGE);
    openssl.must(
      ...["pkeyutl", "-encrypt", "-pubin", "-inkey", "key.pem", "-in", "plain", "-out", "secret"],
    );
    const ciphertext = openssl.read("secret");
    const operation = { keyName: "", alg, ciphertext, salt: NO_AUTH };
    const { plaintext } = await primitives.PsaAsymmetricDecrypt(key, operation);
    assert.deepEqual([...plaintext], [...MESSAGE]);
  });
  await t.step("ECDH, the same as the other way round", async () => {
    const alg = { kind: "raw_key_agreement", agreement: Agreement.Ecdh } as const;
    const key = await adopt(bench, { source: fileOf(ecc), alg });
    using openssl = new OpensslCommand();
    openssl.write("key.pem", ecc.publicKey);
    openssl.must("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "peer.pem");
    openssl.must("ec", "-in", "peer.pem", "-pubout", "-outform", "DER", "-out", "peer.der");
    const derive = ["pkeyutl", "-derive", "-inkey", "peer.pem", "-peerkey", "key.pem"];
    openssl.must(...derive, "-out", "theirs");
    const peerKey = openssl.read("peer.der").slice(-65);
    const { sharedSecret } = await primitives.PsaRawKeyAgreement(key, {
      privateKeyName: "",
      alg,
      peerKey,
    });
    assert.equal(sharedSecret.toHex(), openssl.read("theirs").toHex());
  });
});

Deno.test("the id of a key below the owner's storage key is of the form that our own keys have", async () => {
  await using bench = await TpmBench.open();
  const file = await withTools(bench, (tools) => genpkey(tools, ...EC));
  const key = await adopt(bench, { source: fileOf(file), alg: ECDSA });
  assert.equal(decodeKeyId(key.id).root, "ecc-p256");
});

Deno.test("the key of a file that was encrypted for the TPM elsewhere", async () => {
  await using bench = await TpmBench.open();
  const { file, publicKey } = await withTools(bench, importable);
  const key = await adopt(bench, { source: fileOf({ pem: file, publicKey }), alg: ECDSA });
  await signAndJudge(bench, key, ECDSA, publicKey);
  await bench.swtpm.reset();
  await signAndJudge(bench, key, ECDSA, publicKey);
  const damaged = changed(file, (der) => der.slice(0, -2) + (der.endsWith("00") ? "01" : "00"));
  const source = fileOf({ pem: damaged, publicKey });
  await refuses(
    () => adopt(bench, { source, alg: ECDSA }),
    PsaErrorInvalidArgument,
    /wrapped for another/,
  );
});

/** tpm2_duplicate encrypts a key for the public half of a parent. */
async function importable(tools: Tpm2Tools) {
  const attributes = "sensitivedataorigin|userwithauth|noda|sign";
  await makePersistent(tools, STORAGE_KEY);
  await tools.run("readpublic", "-Q", "-c", "0x81000001", "-o", "parent.pub");
  await tools.run("startauthsession", "-S", "session");
  await tools.run("policycommandcode", "-S", "session", "-L", "policy", "TPM2_CC_Duplicate");
  await tools.run("flushcontext", "session");
  await tools.run("createprimary", "-Q", "-C", "e", "-c", "old");
  await tools.flush();
  const files = ["-u", "key.pub", "-r", "key.priv"];
  const made = ["-G", "ecc256", "-a", attributes, "-L", "policy", ...files];
  await tools.run("create", "-Q", "-C", "old", ...made);
  await tools.flush();
  await tools.run("load", "-Q", "-C", "old", ...files, "-c", "key");
  await tools.flush();
  await tools.run("readpublic", "-Q", "-c", "key", "-f", "pem", "-o", "public.pem");
  await tools.flush();
  await tools.run("loadexternal", "-Q", "-C", "o", "-u", "parent.pub", "-c", "parent");
  await tools.flush();
  await tools.run("startauthsession", "--policy-session", "-S", "session");
  await tools.run("policycommandcode", "-S", "session", "TPM2_CC_Duplicate");
  await tools.run(
    ...["duplicate", "-C", "parent", "-c", "key", "-G", "null", "-p", "session:session"] as const,
    ...["-r", "duplicate", "-s", "seed"],
  );
  await tools.run("flushcontext", "session");
  const der = derElement(
    0x30,
    derElement(0x06, Uint8Array.fromHex("6781050a0104")),
    derElement(0xa0, derElement(0x01, Uint8Array.of(0xff))),
    derElement(0xa2, derElement(0x04, tools.read("seed"))),
    derElement(0x02, Uint8Array.fromHex("0081000001")),
    derElement(0x04, tools.read("key.pub")),
    derElement(0x04, tools.read("duplicate")),
  );
  const lines = der.toBase64().match(/.{1,64}/g) ?? [];
  const label = "TSS2 PRIVATE KEY-----";
  const file = [`-----BEGIN ${label}`, ...lines, `-----END ${label}`, ""].join("\n");
  return { file, publicKey: tools.read("public.pem") };
}

Deno.test("what can't be adopted of files is refused with the reason", async (t) => {
  await using bench = await TpmBench.open();
  const files = await withTools(bench, async (tools) => {
    await makePersistent(tools, STORAGE_KEY);
    return {
      key: await genpkey(tools, ...EC),
      withAuth: await genpkey(tools, ...EC, "-pkeyopt", "user-auth:very secret"),
      restricted: await genpkey(
        tools,
        ...["-algorithm", "RSA-PSS", "-pkeyopt", "bits:2048", "-pkeyopt", "digest:SHA256"],
      ),
      persistent: await genpkey(tools, ...EC, "-pkeyopt", "parent:0x81000001"),
      sha384: await encodedKey(tools, {
        kind: "ecc256:ecdsa-sha384",
        attributes: `${MADE}|sign|noda`,
      }),
    };
  });
  const others = await otherTpmsKey();
  const endorsement = {
    ...files.key,
    pem: changed(files.key.pem, (der) => der.replace("020440000001", "02044000000b")),
  };
  const pss = { kind: "rsa_pss", hash: Hash.Sha256 } as const;
  const rows: readonly (readonly [string, KeyFile, Algorithm, ResponseStatus, RegExp])[] = [
    ["another TPM's key", others, ECDSA, PsaErrorInvalidArgument, /wrapped for another TPM/],
    [
      "no key file",
      { ...others, pem: "-----BEGIN" },
      ECDSA,
      PsaErrorInvalidArgument,
      /found no TSS2/,
    ],
    ["a restricted key", files.restricted, pss, PsaErrorNotSupported, /restricted/],
    ["a key of another hierarchy", endorsement, ECDSA, PsaErrorNotSupported, /0x4000000b/],
    ["another hash than the fixed one", files.sha384, ECDSA, PsaErrorNotPermitted, /SHA384/],
    [
      "a key of another kind than the algorithm's",
      files.key,
      pss,
      PsaErrorNotSupported,
      /can't do/,
    ],
  ];
  for (const [name, file, alg, status, message] of rows) {
    await t.step(name, async () => {
      await refuses(() => adopt(bench, { source: fileOf(file), alg }), status, message);
    });
  }
  await t.step("a key that is to be deleted from the TPM", async () => {
    const run = () => adopt(bench, { source: fileOf(files.key), alg: ECDSA, deleteWithKey: true });
    await refuses(run, PsaErrorInvalidArgument, /in a file/);
  });
  await t.step("a wrong auth value: tried once", async () => {
    const source = fileOf(files.withAuth, new TextEncoder().encode("very wrong"));
    await refuses(() => adopt(bench, { source, alg: ECDSA }), PsaErrorNotPermitted, /another one/);
    assert.equal(await withTools(bench, lockoutCounter), 1);
  });
  await t.step("a parent that is gone, or another one", async () => {
    const source = fileOf(files.persistent);
    const key = await adopt(bench, { source, alg: ECDSA });
    await withTools(
      bench,
      (tools) => tools.run("evictcontrol", "-Q", "-C", "o", "-c", "0x81000001"),
    );
    await refuses(
      () => adopt(bench, { source, alg: ECDSA }),
      PsaErrorDoesNotExist,
      /nothing is at/,
    );
    await refuses(() => signature(bench, key, ECDSA), PsaErrorDoesNotExist, /nothing is at/);
    const kind = "rsa2048:null:aes128cfb";
    await withTools(bench, (tools) => makePersistent(tools, { ...STORAGE_KEY, kind }));
    await refuses(
      () => adopt(bench, { source, alg: ECDSA }),
      PsaErrorInvalidArgument,
      /another parent/,
    );
    await refuses(() => signature(bench, key, ECDSA), PsaErrorDoesNotExist, /another object/);
  });
});

/** @param change Of the DER, in hexadecimal digits. */
function changed(pem: string, change: (der: string) => string): string {
  const [head = "", base64 = "", tail = ""] = pem.split(/(?<=BEGIN [^-]*-----)|(?=-----END)/);
  const der = change(Uint8Array.fromBase64(base64).toHex());
  return [head, Uint8Array.fromHex(der).toBase64(), tail].join("\n");
}

async function otherTpmsKey(): Promise<KeyFile> {
  await using other = await TpmBench.open();
  return await withTools(other, (tools) => genpkey(tools, ...EC));
}

Deno.test("a parent that has an auth value is told", async () => {
  await using bench = await TpmBench.open();
  const file = await withTools(bench, async (tools) => {
    await makePersistent(tools, STORAGE_KEY);
    const file = await encodedKey(tools, { kind: "ecc256", attributes: `${MADE}|sign|noda` });
    await tools.run("evictcontrol", "-Q", "-C", "o", "-c", "0x81000001");
    await makePersistent(tools, { ...STORAGE_KEY, auth: "very secret" });
    return file;
  });
  const run = () => adopt(bench, { source: fileOf(file), alg: ECDSA });
  await refuses(run, PsaErrorNotPermitted, /the parent .* has an auth value/);
});

Deno.test("wherever a key file is changed or cut, it is refused, or it is the same key", async () => {
  await using bench = await TpmBench.open();
  const file = await withTools(bench, async (tools) => {
    await makePersistent(tools, STORAGE_KEY);
    return await encodedKey(tools, { kind: "ecc256", attributes: `${MADE}|sign|noda` });
  });
  const { id } = await adopt(bench, { source: fileOf(file), alg: ECDSA });
  const same = decodeAdoptedKeyId(id).publicArea.toHex();
  const expected: ReadonlySet<ResponseStatus> = new Set([
    ...[PsaErrorInvalidArgument, PsaErrorNotSupported, PsaErrorNotPermitted, PsaErrorDoesNotExist],
  ]);
  const attempt = async (change: (der: string) => string) => {
    const source = fileOf({ ...file, pem: changed(file.pem, change) });
    try {
      const adopted = await adopt(bench, { source, alg: ECDSA });
      assert.equal(decodeAdoptedKeyId(adopted.id).publicArea.toHex(), same);
    } catch (error) {
      assert.ok(error instanceof StatusError && expected.has(error.status), String(error));
    }
  };
  let length = 0;
  changed(file.pem, (der) => {
    length = der.length / 2;
    return der;
  });
  for (let at = 0; at < length; at++) {
    const flip = (mask: number) => (der: string) => {
      const bytes = Uint8Array.fromHex(der);
      bytes[at] = (bytes[at] ?? 0) ^ mask;
      return bytes.toHex();
    };
    await attempt(flip(0xff));
    await attempt(flip(0x01));
    await attempt((der) => der.slice(0, 2 * at));
  }
});

Deno.test("adopted keys share three object slots with others, through resets", async () => {
  await using bench = await TpmBench.open();
  const files = await withTools(bench, async (tools) => {
    await makePersistent(tools, STORAGE_KEY);
    const attributes = `${MADE}|sign|noda`;
    await makePersistent(tools, { handle: 0x8100_0010, kind: "ecc256", attributes });
    const made: KeyFile[] = [];
    for (let i = 0; i < 4; i++) {
      made.push(await encodedKey(tools, { kind: "ecc256", attributes: attributes }));
    }
    return made;
  });
  const keys: Key[] = [
    await adopt(bench, {
      source: { kind: "tpm_handle", handle: 0x8100_0010, auth: NO_AUTH },
      alg: ECDSA,
    }),
  ];
  for (const [index, file] of files.entries()) {
    const name = { application: `app ${index}` };
    keys.push(await adopt(bench, { source: fileOf(file), alg: ECDSA, name }));
  }
  keys.push(await bench.generate(PAIR, 256, ECDSA));
  const load = keys.map(async (key) => {
    for (let i = 0; i < 5; i++) await signature(bench, key, ECDSA);
  });
  const disturbance = async () => {
    for (let i = 0; i < 4; i++) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      await bench.swtpm.reset();
    }
  };
  await Promise.all([...load, disturbance()]);
});
