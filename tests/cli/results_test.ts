/** What each command prints on its standard output, and what it asks the service for. */
import { deepEqual, equal } from "node:assert/strict";
import { AuthType } from "../../src/auth_type.ts";
import { Hash } from "../../src/psa/hash.ts";
import { ANSWERS } from "./answers.ts";
import type { Answers } from "./fake_service.ts";
import { type Script, testScripts } from "./script.ts";

const DEFAULTS = ["ListProviders 0 nobody", "ListAuthenticators 0 nobody"];
const AS_TOOL = "direct:parsec-tool";

/** `ListProviders` answers of these authenticators only. */
function withAuthenticators(...ids: readonly number[]): Answers {
  const version = { versionMaj: 0, versionMin: 1, versionRev: 0 };
  const authenticators = ids.map((id) => ({ description: "", ...version, id }));
  return { ...ANSWERS, ListAuthenticators: () => ({ authenticators }) };
}

const listing: readonly Script[] = [
  { title: "ping prints the version", argv: ["ping"], stdout: "1.0\n", asked: ["Ping 0 nobody"] },
  {
    title: "ping --json prints the version",
    argv: ["ping", "--json"],
    stdout: '{"wire_protocol_version_maj":1,"wire_protocol_version_min":0}\n',
  },
  {
    title: "ping takes an identity if it is given one",
    argv: ["ping", "--auth", "unix"],
    stdout: "1.0\n",
    asked: ["Ping 0 uid:1000"],
  },
  {
    title: "list-providers prints a paragraph for each",
    argv: ["list-providers"],
    stdout: `ID: 0x01 (Mbed Crypto provider)
Description: Keys in software
Version: 0.1.0
Vendor: Arm
UUID: 1c1139dc-ad7c-47dc-ad6b-db6fdb466552

ID: 0x00 (Core provider)
Description: The service itself
Version: 0.1.0
Vendor: Unspecified
UUID: 47049873-2a43-4845-9d72-831eab668784

`,
    asked: ["ListProviders 0 nobody"],
  },
  {
    title: "list-providers --json prints objects",
    argv: ["list-providers", "--json"],
    stdout:
      /^\{"providers":\[\{"id":1,"name":"Mbed Crypto provider","description":"Keys in .*\}\n$/,
  },
  {
    title: "list-authenticators prints a paragraph for each",
    argv: ["list-authenticators"],
    stdout: "ID: 0x01 (Direct authentication)\nDescription: By name\nVersion: 0.1.0\n\n",
    asked: ["ListAuthenticators 0 nobody"],
  },
  {
    title: "list-opcodes asks about the core provider",
    argv: ["list-opcodes"],
    stdout: "0x01 (Ping)\n0x0e (ListAuthenticators)\n0x1a (ListKeys)\n",
    asked: ["ListOpcodes 0 nobody"],
  },
  {
    title: "list-opcodes -p asks about another, and shows numbers it does not know",
    argv: ["list-opcodes", "-p", "1"],
    stdout: "0x0d (PsaGenerateRandom)\n0xffffffff (unknown operation)\n",
  },
  {
    title: "-p is taken before the name of the command too",
    argv: ["-p", "1", "list-opcodes", "--json"],
    stdout:
      '{"provider_id":1,"opcodes":[{"opcode":13,"name":"PsaGenerateRandom"},{"opcode":4294967295,"name":"unknown operation"}]}\n',
  },
  {
    title: "list-keys prints a line for each",
    argv: ["list-keys"],
    stdout:
      /^\* rsa \(Mbed Crypto provider, RsaKeyPair, 2048 bits, permitted algorithm: AsymmetricEncryption\(RsaPkcs1v15Crypt\)\)\n\* ecc \(Mbed Crypto provider, EccKeyPair \{ curve_family: SecpR1 \}, 256 bits, permitted algorithm: AsymmetricSignature\(Ecdsa \{ hash_alg: Specific\(Sha256\) \}\)\)\n\* open /,
    asked: ["ListAuthenticators 0 nobody", `ListKeys 0 ${AS_TOOL}`],
  },
  {
    title: "list-keys --json says what each key may do",
    argv: ["list-keys", "--json"],
    stdout:
      /^\{"keys":\[\{"name":"rsa","provider_id":1,"key_type":"RsaKeyPair","key_bits":2048,"key_usage_flags":\["encrypt","decrypt"\],"key_algorithm":"AsymmetricEncryption\(RsaPkcs1v15Crypt\)"\},\{"name":"ecc".*"key_usage_flags":\["sign_message","sign_hash"\]/,
  },
  {
    title: "list-keys says on stderr that there are none",
    argv: ["list-keys"],
    answers: { ...ANSWERS, ListKeys: () => ({ keys: [] }) },
    stderr: "parsec: no keys of this application\n",
  },
  {
    title: "list-clients prints a line for each, whatever is in a name",
    argv: ["list-clients"],
    answers: { ...ANSWERS, ListClients: () => ({ clients: ["a", "b\nc", "\u001b[31mred", "ü"] }) },
    stdout: "a\nb\\u{a}c\n\\u{1b}[31mred\nü\n",
  },
  {
    title: "list-clients --json prints names as they are",
    argv: ["list-clients", "--json"],
    answers: { ...ANSWERS, ListClients: () => ({ clients: ["b\nc"] }) },
    stdout: '{"clients":["b\\nc"]}\n',
  },
];

const identities: readonly Script[] = [
  {
    title: "the first authenticator that both sides have decides who is asking",
    argv: ["list-keys"],
    answers: withAuthenticators(AuthType.JwtSvid, AuthType.UnixPeerCredentials, AuthType.Direct),
    stdout: /^\* rsa /,
    asked: ["ListAuthenticators 0 nobody", "ListKeys 0 uid:1000"],
  },
  {
    title: "--auth direct:<name> decides without asking",
    argv: ["list-keys", "--auth", "direct:a:b"],
    stdout: /^\* rsa /,
    asked: ["ListKeys 0 direct:a:b"],
  },
  {
    title: "--auth none is nobody",
    argv: ["--auth", "none", "list-keys"],
    stdout: /^\* rsa /,
    asked: ["ListKeys 0 nobody"],
  },
  {
    title: "a command fails where no authenticator fits",
    argv: ["list-keys"],
    answers: withAuthenticators(AuthType.JwtSvid),
    stderr:
      /^parsec: error: Cannot choose an identity: the service lists 1 authenticators, none of Direct and .*\nhint: see `parsec list-authenticators`.*--auth\n$/,
    exitCode: 1,
  },
];

const random: readonly Script[] = [
  {
    title: "generate-random prints upper-case hexadecimal",
    argv: ["generate-random", "--nbytes", "4"],
    answers: {
      ...ANSWERS,
      PsaGenerateRandom: ({ size }) => {
        equal(size, 4);
        return { randomBytes: Uint8Array.of(0, 0x0a, 0xb1, 0xff) };
      },
    },
    stdout: "00 0A B1 FF \n",
    asked: [
      "ListAuthenticators 0 nobody",
      "ListProviders 0 nobody",
      `PsaGenerateRandom 1 ${AS_TOOL}`,
    ],
  },
  {
    title: "generate-random --json prints base64",
    argv: ["generate-random", "-n2", "--json"],
    answers: { ...ANSWERS, PsaGenerateRandom: () => ({ randomBytes: Uint8Array.of(0xfb, 0xff) }) },
    stdout: '{"random_bytes":"+/8="}\n',
  },
  {
    title: "generate-random of nothing prints an empty line",
    argv: ["generate-random", "-n", "0"],
    answers: { ...ANSWERS, PsaGenerateRandom: () => ({ randomBytes: new Uint8Array(0) }) },
    stdout: "\n",
  },
];

const SIGNING_FLAGS = ["signHash", "verifyHash", "signMessage", "verifyMessage"];

/** Creates a key and checks the attributes asked for. */
function creates(
  argv: readonly string[],
  wanted: { readonly type: object; readonly bits: number; readonly algorithm: object },
  flags: readonly string[],
): Script {
  return {
    title: `${argv.join(" ")} asks for the right attributes`,
    argv,
    answers: {
      ...ANSWERS,
      PsaGenerateKey: ({ keyName, attributes: { type, bits, policy } }) => {
        equal(keyName, "new");
        deepEqual({ type, bits, algorithm: policy.permittedAlgorithm }, wanted);
        const on = Object.entries(policy.usageFlags).filter(([, set]) => set).map(([flag]) => flag);
        deepEqual(on.sort(), flags.toSorted());
        return {};
      },
    },
    stderr: 'parsec: key "new" created in the Mbed Crypto provider (1)\n',
    asked: [...DEFAULTS, `PsaGenerateKey 1 ${AS_TOOL}`],
  };
}

const RSA = { kind: "rsa_key_pair" };

const creation: readonly Script[] = [
  creates(
    ["create-rsa-key", "-k", "new"],
    { type: RSA, bits: 2048, algorithm: { kind: "rsa_pkcs1v15_crypt" } },
    ["encrypt", "decrypt"],
  ),
  creates(
    ["create-rsa-key", "--key-name", "new", "--oaep", "--bits", "3072"],
    { type: RSA, bits: 3072, algorithm: { kind: "rsa_oaep", hash: Hash.Sha256 } },
    ["encrypt", "decrypt"],
  ),
  creates(
    ["create-rsa-key", "-sk", "new", "-b1024"],
    { type: RSA, bits: 1024, algorithm: { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } },
    SIGNING_FLAGS,
  ),
  creates(
    ["create-rsa-key", "-r", "-k", "new"],
    { type: RSA, bits: 2048, algorithm: { kind: "rsa_pss", hash: Hash.Sha256 } },
    SIGNING_FLAGS,
  ),
  creates(
    ["create-rsa-key", "-s", "-o", "-k", "new"],
    { type: RSA, bits: 2048, algorithm: { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } },
    SIGNING_FLAGS,
  ),
  creates(
    ["create-ecc-key", "-k", "new"],
    {
      type: { kind: "ecc_key_pair", family: 2 },
      bits: 256,
      algorithm: { kind: "ecdsa", hash: Hash.Sha256 },
    },
    SIGNING_FLAGS,
  ),
  {
    title: "create-ecc-key --json says which provider has the key, on stdout only",
    argv: ["create-ecc-key", "-k", "new", "--json", "-p", "3"],
    answers: { ...ANSWERS, PsaGenerateKey: () => ({}) },
    stdout: '{"key_name":"new","provider_id":3}\n',
    asked: ["ListAuthenticators 0 nobody", `PsaGenerateKey 3 ${AS_TOOL}`],
  },
  {
    title: "delete-key destroys the key",
    argv: ["delete-key", "-k", "a\tb"],
    answers: {
      ...ANSWERS,
      PsaDestroyKey: ({ keyName }) => {
        equal(keyName, "a\tb");
        return {};
      },
    },
    stderr: 'parsec: key "a\\u{9}b" deleted\n',
    asked: [...DEFAULTS, `PsaDestroyKey 1 ${AS_TOOL}`],
  },
  {
    title: "delete-client deletes the client",
    argv: ["delete-client", "-c", "somebody"],
    answers: {
      ...ANSWERS,
      DeleteClient: ({ client }) => {
        equal(client, "somebody");
        return {};
      },
    },
    stderr: 'parsec: all keys of "somebody" deleted\n',
    asked: ["ListAuthenticators 0 nobody", `DeleteClient 0 ${AS_TOOL}`],
  },
];

/** Of the empty message, FIPS 180-4. */
const SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/** r = 1, s = 2^255: in DER the second gets a zero byte in front. */
const RAW = Uint8Array.of(...new Uint8Array(31), 1, 0x80, ...new Uint8Array(31));
const DER = Uint8Array.of(0x30, 38, 0x02, 1, 1, 0x02, 33, 0, 0x80, ...new Uint8Array(31));

const SIGNS: Answers = {
  ...ANSWERS,
  PsaSignHash: ({ alg, hash }) => {
    deepEqual(alg, { kind: "ecdsa", hash: Hash.Sha256 });
    equal(hash.toHex(), SHA256_OF_NOTHING);
    return { signature: RAW };
  },
};

const cryptography: readonly Script[] = [
  {
    title: "sign prints an ECDSA signature in DER",
    argv: ["sign", "-k", "ecc", ""],
    answers: SIGNS,
    stdout: `${DER.toBase64()}\n`,
    asked: [
      "ListProviders 0 nobody",
      "ListAuthenticators 0 nobody",
      `ListKeys 0 ${AS_TOOL}`,
      `PsaSignHash 1 ${AS_TOOL}`,
    ],
  },
  {
    title: "sign - signs standard input, and decides the hash that a policy leaves open",
    argv: ["sign", "-k", "open", "-", "--json"],
    stdin: "",
    answers: SIGNS,
    stdout: `{"key_name":"open","hash":"SHA-256","signature":"${DER.toBase64()}"}\n`,
  },
  {
    title: "encrypt prints base64",
    argv: ["encrypt", "-k", "rsa", "hällo"],
    answers: {
      ...ANSWERS,
      PsaAsymmetricEncrypt: ({ keyName, alg, plaintext, salt }) => {
        equal(keyName, "rsa");
        deepEqual(alg, { kind: "rsa_pkcs1v15_crypt" });
        equal(new TextDecoder().decode(plaintext), "hällo");
        equal(salt.length, 0);
        return { ciphertext: Uint8Array.of(1, 2, 3) };
      },
    },
    stdout: "AQID\n",
  },
  {
    title: "encrypt - takes the bytes of standard input",
    argv: ["encrypt", "-k", "rsa", "-"],
    stdin: Uint8Array.of(0xff, 0x0a),
    answers: {
      ...ANSWERS,
      PsaAsymmetricEncrypt: ({ plaintext }) => {
        deepEqual(plaintext, Uint8Array.of(0xff, 0x0a));
        return { ciphertext: Uint8Array.of(1, 2, 3) };
      },
    },
    stdout: "AQID\n",
  },
  {
    title: "decrypt prints the text",
    argv: ["decrypt", "-k", "rsa", "AQID"],
    answers: {
      ...ANSWERS,
      PsaAsymmetricDecrypt: ({ ciphertext }) => {
        deepEqual(ciphertext, Uint8Array.of(1, 2, 3));
        return { plaintext: new TextEncoder().encode("hällo") };
      },
    },
    stdout: "hällo\n",
  },
  {
    title: "decrypt - takes wrapped base64",
    argv: ["decrypt", "-k", "rsa", "-", "--json"],
    stdin: "AQ\nID\n",
    answers: { ...ANSWERS, PsaAsymmetricDecrypt: () => ({ plaintext: Uint8Array.of(0xff) }) },
    stdout: '{"key_name":"rsa","plaintext":"/w=="}\n',
  },
  {
    title: "export-public-key --pkcs1 prints what the service exports",
    argv: ["export-public-key", "--pkcs1", "-k", "rsa"],
    answers: { ...ANSWERS, PsaExportPublicKey: () => ({ data: new Uint8Array(49).fill(0xff) }) },
    stdout: `-----BEGIN RSA PUBLIC KEY-----\n${
      "/".repeat(64)
    }\n/w==\n-----END RSA PUBLIC KEY-----\n`,
  },
];

testScripts(
  [...listing, ...identities, ...random, ...creation, ...cryptography].map((script) => ({
    answers: ANSWERS,
    ...script,
  })),
);
