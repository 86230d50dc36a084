/** Keys that others have put on a token, adopted: pkcs11-tool and openssl make them, openssl judges. */
import assert from "node:assert/strict";
import { ecdsaRawToDer } from "../../ffi/libcrypto/mod.ts";
import { settle } from "../../src/key_info/recovery.ts";
import { openKeyInfoManager } from "../../src/key_info/sqlite_key_info_manager.ts";
import { Agreement, type Algorithm, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import type { UsageFlag } from "../../src/psa/usage_flags.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import { silentLogger } from "../fakes/silent_logger.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { openssl } from "../e2e/openssl.ts";
import { run } from "../setup/run_command.ts";
import { adopt } from "./adopted_key.ts";
import { type Bench, generatedKey, openBench, openOn, refused, unmadeKey } from "./provider.ts";

const P = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const RSA = { kind: "rsa_key_pair" } as const;
const AES = { kind: "aes" } as const;
const ECDSA: Algorithm & { kind: "ecdsa" } = { kind: "ecdsa", hash: Hash.Sha256 };
const SIGNS: readonly UsageFlag[] = ["signHash", "signMessage", "verifyHash", "verifyMessage"];
const MESSAGE = new TextEncoder().encode("attack at dawn");
const TWENTY = "000102030405060708090a0b0c0d0e0f10111213";
const {
  PsaErrorDoesNotExist,
  PsaErrorInvalidArgument,
  PsaErrorNotPermitted,
  PsaErrorNotSupported,
} = ResponseStatus;
/** What precedes the point (RFC 5480); pkcs11-tool 0.23 can't read keys on this curve. */
const P384_KEY_INFO = "3076301006072a8648ce3d020106052b81040022036200";
const PSS_OPTIONS = ["-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"];
const keyName = "key";

/** pkcs11-tool on the token of a bench. */
function tool({ softhsm, token }: Bench, ...args: readonly string[]): Promise<string> {
  return softhsm.pkcs11Tool(token, ...args);
}

async function countObjects(bench: Bench): Promise<number> {
  return (await tool(bench, "--list-objects")).match(/^\S.* Object/gm)?.length ?? 0;
}

/** Percent-encoded, as an `id` has it. */
function escaped(hex: string): string {
  return hex.replaceAll(/../g, "%$&");
}

/** SubjectPublicKeyInfo of a key on the token, as pkcs11-tool reads it. */
async function publicKeyInfo(bench: Bench, ...which: readonly string[]): Promise<Uint8Array> {
  using folder = new TempFolder();
  const file = folder.file("key.der");
  await tool(bench, "--read-object", "--type", "pubkey", ...which, "--output-file", file);
  return await Deno.readFile(file);
}

/** Checks with openssl a signature of MESSAGE. */
async function verifiedByOpenssl(
  publicKey: Uint8Array,
  signature: Uint8Array,
  options: readonly string[] = ["-sha256"],
): Promise<void> {
  const key = ["-keyform", "DER", "-verify", "@key"];
  await openssl(["dgst", ...options, ...key, "-signature", "@signature", "@message"], {
    ...{ key: publicKey, signature, message: MESSAGE },
  });
}

Deno.test("a P-384 pair with a label alone signs, verifies, agrees and exports its public key", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  await tool(bench, "--keypairgen", "--key-type", "EC:secp384r1", "--label", "gerät; 1");
  const uri = `pkcs11:object=${encodeURIComponent("gerät; 1")}`;
  const alg = { kind: "ecdsa", hash: Hash.Sha384 } as const;
  const key = await adopt(provider, uri, { algorithm: alg });
  assert.deepEqual([key.attributes.type, key.attributes.bits], [P, 384]);
  const { signature } = await provider.primitives.PsaSignMessage(key, {
    ...{ keyName, alg, message: MESSAGE },
  });
  const point = await provider.keys.exportPublicKey(key);
  const publicKey = Uint8Array.fromHex(P384_KEY_INFO + point.toHex());
  await verifiedByOpenssl(publicKey, ecdsaRawToDer(signature), ["-sha384"]);
  const { PsaVerifyMessage } = provider.primitives;
  await PsaVerifyMessage(key, { keyName, alg, message: MESSAGE, signature });

  const agreement = { kind: "raw_key_agreement", agreement: Agreement.Ecdh } as const;
  const ecdh = await adopt(provider, uri, { algorithm: agreement, usage: ["derive"] });
  const peer = await generatedKey(provider, P, 384, { algorithm: agreement, usage: ["derive"] });
  const secrets = [];
  for (const [mine, theirs] of [[ecdh, peer], [peer, ecdh]] as const) {
    const peerKey = await provider.keys.exportPublicKey(theirs);
    const agreed = await provider.primitives.PsaRawKeyAgreement(mine, {
      ...{ privateKeyName: keyName, alg: agreement, peerKey },
    });
    secrets.push(agreed.sharedSecret.toHex());
  }
  assert.equal(secrets[0], secrets[1]);
});

Deno.test("an RSA pair that openssl has made, with an id of 20 bytes, signs and decrypts", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  using folder = new TempFolder();
  const [pem, der, publicDer] = ["k.pem", "k.der", "p.der"].map((name) => folder.file(name)) as [
    ...[string, string, string],
  ];
  await run("openssl", ["genrsa", "-out", pem, "2048"]);
  await run("openssl", ["pkey", "-in", pem, "-outform", "DER", "-out", der]);
  await run("openssl", ["pkey", "-in", pem, "-pubout", "-outform", "DER", "-out", publicDer]);
  const write = (file: string, type: string, ...uses: readonly string[]) =>
    tool(bench, "--write-object", file, "--type", type, "--id", TWENTY, ...uses);
  await write(der, "privkey", "--usage-sign", "--usage-decrypt");
  await write(publicDer, "pubkey");
  const uri = `pkcs11:id=${escaped(TWENTY)};type=private`;
  const pss = { kind: "rsa_pss", hash: Hash.Sha256 } as const;
  const signs = await adopt(provider, uri, { algorithm: pss });
  assert.deepEqual([signs.attributes.type, signs.attributes.bits], [RSA, 2048]);
  const { signature } = await provider.primitives.PsaSignMessage(signs, {
    ...{ keyName, alg: pss, message: MESSAGE },
  });
  await verifiedByOpenssl(await publicKeyInfo(bench, "--id", TWENTY), signature, PSS_OPTIONS);

  const alg = { kind: "rsa_oaep", hash: Hash.Sha256 } as const;
  const opens = await adopt(provider, uri, { algorithm: alg, usage: ["encrypt", "decrypt"] });
  const salt = new Uint8Array();
  const { PsaAsymmetricEncrypt, PsaAsymmetricDecrypt } = provider.primitives;
  const { ciphertext } = await PsaAsymmetricEncrypt(opens, {
    ...{ keyName, alg, plaintext: MESSAGE, salt },
  });
  const opened = await PsaAsymmetricDecrypt(opens, { keyName, alg, ciphertext, salt });
  assert.deepEqual(new Uint8Array(opened.plaintext), MESSAGE);
});

Deno.test("a private RSA key alone is a pair: it tells its public half, which is used in software", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  const generate = ["--keypairgen", "--key-type", "rsa:2048", "--label", "alone"];
  await tool(bench, ...generate);
  const publicKey = await publicKeyInfo(bench, "--label", "alone");
  await tool(bench, "--delete-object", "--type", "pubkey", "--label", "alone");
  const uri = "pkcs11:object=alone";
  const alg = { kind: "rsa_pss", hash: Hash.Sha256 } as const;
  const key = await adopt(provider, uri, { algorithm: alg });
  assert.equal(key.attributes.type.kind, "rsa_key_pair");
  const { PsaSignMessage, PsaVerifyMessage } = provider.primitives;
  const { signature } = await PsaSignMessage(key, { keyName, alg, message: MESSAGE });
  await verifiedByOpenssl(publicKey, signature, PSS_OPTIONS);
  await PsaVerifyMessage(key, { keyName, alg, message: MESSAGE, signature });
  await refused(
    ResponseStatus.PsaErrorInvalidSignature,
    () => PsaVerifyMessage(key, { keyName, alg, message: MESSAGE.toReversed(), signature }),
  );
  // SubjectPublicKeyInfo ends with the RSAPublicKey that PSA exports.
  const exported = await provider.keys.exportPublicKey(key);
  assert.ok(publicKey.toHex().endsWith(exported.toHex()));

  const crypt = { kind: "rsa_pkcs1v15_crypt" } as const;
  const opens = await adopt(provider, uri, { algorithm: crypt, usage: ["encrypt", "decrypt"] });
  const { PsaAsymmetricEncrypt, PsaAsymmetricDecrypt } = provider.primitives;
  const common = { keyName, alg: crypt, salt: new Uint8Array() };
  const { ciphertext } = await PsaAsymmetricEncrypt(opens, { ...common, plaintext: MESSAGE });
  const { plaintext } = await PsaAsymmetricDecrypt(opens, { ...common, ciphertext });
  assert.deepEqual(new Uint8Array(plaintext), MESSAGE);
});

Deno.test("an AES key and a secret for HMAC are adopted with the size that the token tells", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  await tool(bench, "--keygen", "--key-type", "AES:32", "--label", "disk");
  await tool(bench, "--keygen", "--key-type", "GENERIC:48", "--label", "mac", "--usage-sign");
  const alg = { kind: "cipher", mode: CipherMode.CbcPkcs7 } as const;
  const usage = ["encrypt", "decrypt"] as const;
  const key = await adopt(provider, "pkcs11:object=disk", { algorithm: alg, usage });
  assert.deepEqual([key.attributes.type, key.attributes.bits], [AES, 256]);
  const { PsaCipherEncrypt, PsaCipherDecrypt, PsaMacCompute } = provider.primitives;
  const { ciphertext } = await PsaCipherEncrypt(key, { keyName, alg, plaintext: MESSAGE });
  const { plaintext } = await PsaCipherDecrypt(key, { keyName, alg, ciphertext });
  assert.deepEqual(new Uint8Array(plaintext), MESSAGE);
  const hmac = { kind: "hmac", hash: Hash.Sha256 } as const;
  const mac = await adopt(provider, "pkcs11:object=mac;type=secret-key", {
    ...{ algorithm: hmac, usage: ["signMessage"] as const },
  });
  assert.deepEqual([mac.attributes.type, mac.attributes.bits], [{ kind: "hmac" }, 384]);
  const made = await PsaMacCompute(mac, { keyName, alg: hmac, input: MESSAGE });
  assert.equal(made.mac.length, 32);
});

Deno.test("a public key alone verifies, and is never taken for a pair", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  await tool(bench, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "signer");
  const signer = await adopt(provider, "pkcs11:object=signer");
  const alg = ECDSA;
  const { signature } = await provider.primitives.PsaSignMessage(signer, {
    ...{ keyName, alg, message: MESSAGE },
  });
  await tool(bench, "--delete-object", "--type", "privkey", "--label", "signer");
  await refused(PsaErrorNotPermitted, () => adopt(provider, "pkcs11:object=signer"));
  const usage = ["verifyHash", "verifyMessage"] as const;
  const key = await adopt(provider, "pkcs11:object=signer", { usage });
  assert.equal(key.attributes.type.kind, "ecc_public_key");
  await provider.primitives.PsaVerifyMessage(key, { keyName, alg, message: MESSAGE, signature });
});

Deno.test("the public half of a pair is adopted where the URI wants it", async () => {
  await using bench = await openBench();
  await tool(bench, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "pair");
  const usage = ["verifyHash"] as const;
  const key = await adopt(bench.provider, "pkcs11:object=pair;type=public", { usage });
  assert.equal(key.attributes.type.kind, "ecc_public_key");
});

Deno.test("halves with different labels are one key by their CKA_ID, whichever is named", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  const id = ["--id", TWENTY];
  await tool(bench, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "a", ...id);
  using folder = new TempFolder();
  const file = folder.file("public.der");
  await Deno.writeFile(file, await publicKeyInfo(bench, ...id));
  await tool(bench, "--delete-object", "--type", "pubkey", ...id);
  await tool(bench, "--write-object", file, "--type", "pubkey", "--label", "b", ...id);
  const ids = new Set<string>();
  for (const name of [`id=${escaped(TWENTY)}`, "object=a", "object=b", "object=a;type=private"]) {
    const key = await adopt(provider, `pkcs11:${name}`);
    assert.equal(key.attributes.type.kind, "ecc_key_pair");
    ids.add(key.id.toHex());
  }
  assert.equal(ids.size, 1);
  await refused(PsaErrorDoesNotExist, () => adopt(provider, "pkcs11:object=b;type=private"));
});

Deno.test("several keys that match are refused, and the log says which", async () => {
  const log = recordingLogger();
  await using bench = await openBench({ log });
  const { provider } = bench;
  for (const id of ["01", "02"]) {
    await tool(bench, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "twin", "--id", id);
  }
  await refused(PsaErrorInvalidArgument, () => adopt(provider, "pkcs11:object=twin"));
  const line = log.lines.find(({ message }) => message === "Several keys match");
  assert.match(
    String(line?.fields.keys),
    /private key with CKA_ID 01 and public key with CKA_ID 01/,
  );
  assert.match(
    String(line?.fields.keys),
    /private key with CKA_ID 02 and public key with CKA_ID 02/,
  );
  assert.deepEqual(line?.details, { labels: "'twin' and 'twin', 'twin' and 'twin'" });
  const key = await adopt(provider, "pkcs11:object=twin;id=%02");
  assert.equal(key.attributes.type.kind, "ecc_key_pair");
});

Deno.test("what can't be told from others or can't be named again is refused", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  const generate = ["--keypairgen", "--key-type", "EC:prime256v1"];
  for (const _ of [1, 2]) await tool(bench, ...generate, "--id", "07", "--label", "same");
  await refused(PsaErrorInvalidArgument, () => adopt(provider, "pkcs11:id=%07"));
});

Deno.test("a URI that names no key of this token is refused", async (t) => {
  const log = recordingLogger();
  await using bench = await openBench({ log });
  const { provider, token } = bench;
  await tool(bench, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "there");
  using folder = new TempFolder();
  const [key, certificate] = [folder.file("key"), folder.file("certificate")];
  await run("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout", key],
    ...["-outform", "DER", "-out", certificate],
  ]);
  const cert = ["--write-object", certificate, "--type", "cert", "--label", "only"];
  await tool(bench, ...cert);
  const cases: readonly (readonly [uri: string, status: ResponseStatus, reason: RegExp])[] = [
    ["pkcs11:object=gone", PsaErrorDoesNotExist, /names no key/],
    ["pkcs11:object=there;id=%01", PsaErrorDoesNotExist, /names no key/],
    ["pkcs11:object=there;type=secret-key", PsaErrorDoesNotExist, /names no key/],
    ["pkcs11:object=only", PsaErrorDoesNotExist, /names a certificate/],
    ["pkcs11:object=there;token=another", PsaErrorDoesNotExist, /another token/],
    ["pkcs11:object=there;serial=1", PsaErrorDoesNotExist, /another token/],
    ["pkcs11:object=there;type=cert", PsaErrorInvalidArgument, /type cert/],
    ["pkcs11:type=private", PsaErrorInvalidArgument, /neither object nor id/],
    ["pkcs11:object=;id=", PsaErrorInvalidArgument, /neither object nor id/],
    ["pkcs11:object=there?pin-value=1234", PsaErrorInvalidArgument, /a PIN/],
    ["object=there", PsaErrorInvalidArgument, /RFC 7512/],
  ];
  for (const [uri, status, reason] of cases) {
    await t.step(uri, async () => {
      await refused(status, () => adopt(provider, uri));
      const line = log.lines.at(-1);
      assert.equal(line?.message, "Adopted no key");
      assert.match(String(line.fields.reason), reason);
      assert.doesNotMatch(JSON.stringify(log.lines), /1234/);
    });
  }
  const { serialNumber } = token;
  await adopt(provider, `pkcs11:token=parsec;serial=${serialNumber};object=there;type=private`);
  const handle = { kind: "tpm_handle", handle: 0x81000000, auth: new Uint8Array() } as const;
  const { identity, attributes: { policy } } = unmadeKey(provider, P, 256);
  await refused(
    PsaErrorNotSupported,
    () => provider.keys.adoptKey({ source: handle, identity, policy, deleteWithKey: false }),
  );
});

Deno.test("a policy that the key can't keep is refused, with the attribute in the log", async (t) => {
  const log = recordingLogger();
  await using bench = await openBench({ log });
  const { provider } = bench;
  const PKCS1 = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } as const;
  const CRYPT = { kind: "rsa_pkcs1v15_crypt" } as const;
  const CBC = { kind: "cipher", mode: CipherMode.CbcPkcs7 } as const;
  // pkcs11-tool makes keys for everything; those that the provider makes can only do what they shall.
  await generatedKey(provider, RSA, 2048, {
    algorithm: PKCS1,
    usage: ["signHash"],
    keyName: "signs",
  });
  await generatedKey(provider, AES, 128, { algorithm: CBC, usage: ["encrypt"], keyName: "seals" });
  await generatedKey(provider, P, 256, { algorithm: ECDSA, usage: ["signHash"], keyName: "ec" });
  const ECDH = { kind: "raw_key_agreement", agreement: Agreement.Ecdh } as const;
  const MD2 = { kind: "rsa_pkcs1v15_sign", hash: Hash.Md2 } as const;
  const cases: readonly (readonly [
    ...[object: string, algorithm: Algorithm, usage: readonly UsageFlag[]],
    ...[status: ResponseStatus, reason: RegExp],
  ])[] = [
    ["signs", CRYPT, ["decrypt"], PsaErrorNotPermitted, /CKA_DECRYPT/],
    ["signs", CRYPT, ["encrypt"], PsaErrorNotPermitted, /CKA_ENCRYPT/],
    ["signs", PKCS1, ["signHash", "export"], PsaErrorNotPermitted, /CKA_EXTRACTABLE/],
    ["signs", ECDSA, ["signHash"], PsaErrorInvalidArgument, /not for keys of type rsa_key_pair/],
    ["signs", MD2, ["signHash"], PsaErrorNotSupported, /not on this token/],
    ["ec", ECDH, ["derive"], PsaErrorNotPermitted, /CKA_DERIVE/],
    ["seals", CBC, ["decrypt"], PsaErrorNotPermitted, /CKA_DECRYPT/],
    ["seals", { kind: "cmac" }, ["signMessage"], PsaErrorNotPermitted, /CKA_SIGN/],
    ["seals", { kind: "cmac" }, ["verifyMessage"], PsaErrorNotPermitted, /CKA_VERIFY|CKA_SIGN/],
    ["seals", PKCS1, ["signHash"], PsaErrorInvalidArgument, /not for keys of type aes/],
  ];
  const uriOf = (object: string) => `pkcs11:object=${object}%20(parsec,%20app)`;
  for (const [object, algorithm, usage, status, reason] of cases) {
    await t.step(`${object}, ${algorithm.kind}, ${usage}`, async () => {
      await refused(status, () => adopt(provider, uriOf(object), { algorithm, usage }));
      assert.match(String(log.lines.at(-1)?.fields.reason), reason);
    });
  }
  // A flag that means nothing with the algorithm, and what the token allows.
  const usage = ["signHash", "decrypt", "derive"] as const;
  await adopt(provider, uriOf("signs"), { algorithm: PKCS1, usage });
  await adopt(provider, uriOf("seals"), { algorithm: CBC, usage: ["encrypt"] });
});

Deno.test("a key made for some mechanisms is adopted for those only", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  await tool(bench, ...[
    ...["--keypairgen", "--key-type", "rsa:2048", "--label", "pss", "--usage-sign"],
    ...["--allowed-mechanisms", "RSA-PKCS-PSS"],
  ]);
  const pss = { kind: "rsa_pss", hash: Hash.Sha256 } as const;
  const pkcs1 = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } as const;
  await refused(
    PsaErrorNotPermitted,
    () => adopt(provider, "pkcs11:object=pss", { algorithm: pkcs1 }),
  );
  await adopt(provider, "pkcs11:object=pss", { algorithm: pss });
});

Deno.test("allow_export is for adopted keys too", async () => {
  await using bench = await openBench({ allowExport: false });
  const extractable = ["--extractable", "--label", "open"];
  await tool(bench, "--keygen", "--key-type", "AES:16", ...extractable);
  const options = {
    algorithm: { kind: "cipher", mode: CipherMode.CbcPkcs7 },
    usage: ["encrypt", "export"],
  } as const;
  const uri = "pkcs11:object=open";
  await refused(PsaErrorNotPermitted, () => adopt(bench.provider, uri, options));
  await using lenient = await openOn(bench.token, { name: "lenient" });
  const key = await adopt(lenient, uri, options);
  assert.equal((await lenient.keys.exportKey(key)).length, 16);
});

Deno.test("destroying an adopted key leaves its objects, unless it was adopted to go with them", async () => {
  await using bench = await openBench({ softwarePublicOperations: true });
  const { provider } = bench;
  const pair = ["--keypairgen", "--key-type", "EC:prime256v1", "--id", TWENTY];
  await tool(bench, ...pair, "--label", "kept");
  await tool(bench, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "other");
  const uri = "pkcs11:object=kept";
  const before = await countObjects(bench);
  const kept = await adopt(provider, uri);
  const alg = ECDSA;
  const sign = (key: Key) =>
    provider.primitives.PsaSignMessage(key, { keyName, alg, message: MESSAGE });
  const { signature } = await sign(kept);
  await provider.primitives.PsaVerifyMessage(kept, {
    ...{ keyName, alg, message: MESSAGE, signature },
  });
  await provider.keys.destroyKey(kept);
  await provider.keys.destroyKey(kept); // recovery may ask twice
  assert.equal(await countObjects(bench), before);
  const goes = await adopt(provider, uri, { deleteWithKey: true });
  await sign(goes);
  await provider.keys.destroyKey(goes);
  await provider.keys.destroyKey(goes);
  assert.equal(await countObjects(bench), before - 2);
  assert.match(await tool(bench, "--list-objects"), /label: +other/);
  await refused(PsaErrorDoesNotExist, () => sign(goes));
});

Deno.test("what a crash left of destroying an adopted key is finished in the same way", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  for (const label of ["stays", "goes"]) {
    await tool(bench, "--keypairgen", "--key-type", "EC:prime256v1", "--label", label);
  }
  using manager = openKeyInfoManager({ path: ":memory:", log: silentLogger });
  for (const [label, deleteWithKey] of [["stays", false], ["goes", true]] as const) {
    const key = await adopt(provider, `pkcs11:object=${label}`, { deleteWithKey });
    const identity = { ...key.identity, keyName: label };
    manager.add(identity, { keyId: key.id, attributes: key.attributes });
    manager.beginDestroy(identity);
  }
  const settled = await settle(manager, provider, silentLogger);
  assert.deepEqual(settled, { undone: 0, finished: 2, failed: 0 });
  const objects = await tool(bench, "--list-objects");
  assert.deepEqual(objects.match(/label: +\w+/g)?.map((line) => line.split(/ +/)[1]), [
    ...["stays", "stays"],
  ]);
});

Deno.test("a name that several objects have since is used and deleted for none of them", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  const generate = ["--keypairgen", "--key-type", "EC:prime256v1", "--label", "double"];
  await tool(bench, ...generate);
  const key = await adopt(provider, "pkcs11:object=double", { deleteWithKey: true });
  await tool(bench, ...generate);
  const sign = () =>
    provider.primitives.PsaSignMessage(key, { keyName, alg: ECDSA, message: MESSAGE });
  await refused(ResponseStatus.PsaErrorBadState, sign);
  await refused(ResponseStatus.PsaErrorBadState, () => provider.keys.destroyKey(key));
  assert.equal(await countObjects(bench), 4);
});

Deno.test("an application can't take another's adopted key away by the name of its own", async () => {
  await using bench = await openBench();
  const label = "l".repeat(64);
  await tool(bench, "--keypairgen", "--key-type", "EC:prime256v1", "--label", label);
  const key = await adopt(bench.provider, `pkcs11:object=${label}`, { deleteWithKey: true });
  const asked = { algorithm: ECDSA, usage: SIGNS, keyName: label } as const;
  const namesake = await generatedKey(bench.provider, P, 256, asked);
  const listed = await tool(bench, "--list-objects");
  assert.equal(listed.match(new RegExp(`label: +${label}$`, "gm"))?.length, 4);
  await using again = await openOn(bench.token);
  const sign = { keyName, alg: ECDSA, message: MESSAGE };
  await again.primitives.PsaSignMessage(key, sign);
  await again.keys.destroyKey(key);
  await refused(PsaErrorDoesNotExist, () => again.primitives.PsaSignMessage(key, sign));
  await again.primitives.PsaSignMessage(namesake, sign);
  assert.equal(await countObjects(bench), 2);
});

Deno.test("an adopted key is there after a restart, by the id that is stored", async () => {
  await using bench = await openBench();
  await tool(bench, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "stays");
  const key = await adopt(bench.provider, "pkcs11:object=stays");
  await using again = await openOn(bench.token);
  const made = await again.primitives.PsaSignMessage(key, {
    ...{ keyName, alg: ECDSA, message: MESSAGE },
  });
  const signature = ecdsaRawToDer(made.signature);
  await verifiedByOpenssl(await publicKeyInfo(bench, "--label", "stays"), signature);
});

Deno.test("a key that the provider has made tells by which id, so that the service can refuse it", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  const own = await generatedKey(provider, P, 256, { algorithm: ECDSA, usage: SIGNS });
  const { identity, attributes: { policy } } = own;
  const uri = `pkcs11:id=${escaped(own.id.toReversed().toHex())}`;
  const source = { kind: "token_object", uri } as const;
  const { otherIds } = await provider.keys.adoptKey({
    ...{ source, identity, policy, deleteWithKey: false },
  });
  assert.deepEqual(new Set(otherIds?.map((id) => id.toHex())), new Set([own.id.toHex()]));
});

Deno.test("a private key that does not tell its public half is refused, with what to do in the log", async () => {
  const log = recordingLogger();
  await using bench = await openBench({ log });
  await tool(bench, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "half");
  await tool(bench, "--delete-object", "--type", "pubkey", "--label", "half");
  await refused(PsaErrorNotSupported, () => adopt(bench.provider, "pkcs11:object=half"));
  assert.match(String(log.lines.at(-1)?.fields.reason), /--write-object FILE --type pubkey/);
});
