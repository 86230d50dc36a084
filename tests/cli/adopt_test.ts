/** What `adopt` asks for, prints, and says of each refusal. */
import { deepEqual } from "node:assert/strict";
import type { OperationOf } from "../../src/operations/operations.ts";
import { Agreement, type Algorithm, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { USAGE_FLAGS, type UsageFlag } from "../../src/psa/usage_flags.ts";
import { ResponseStatus } from "../../src/status.ts";
import { processFiles } from "../../src/cli/files.ts";
import { parseAlgorithm } from "../../src/cli/algorithm_name.ts";
import { displayAlgorithm } from "../../src/cli/psa_display.ts";
import { ANSWERS } from "./answers.ts";
import { type Answers, refuse } from "./fake_service.ts";
import { runCli } from "./run_cli.ts";
import { type Script, testScripts } from "./script.ts";

const KEY = ["adopt", "-c", "app", "-k", "tls", "--algorithm", "ecdsa-sha256"];
const BY_LABEL = [...KEY, "--label", "gateway"];
const P256 = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;

/** Answers as the provider does, and checks the operation. */
function adopting(check: (operation: OperationOf<"AdoptKey">) => void = () => {}): Answers {
  return {
    ...ANSWERS,
    AdoptKey: (operation) => {
      check(operation);
      return { attributes: { type: P256, bits: 384, policy: operation.policy } };
    },
  };
}

const LINE =
  "* tls (PKCS #11 provider, EccKeyPair { curve_family: SecpR1 }, 384 bits, permitted algorithm: " +
  "AsymmetricSignature(Ecdsa { hash_alg: Specific(Sha256) }))\n";
const KEPT = 'parsec: "app" has the key now; deleting it leaves it in the device\n';
const AUTH = {
  "auth.txt": "s3cret\n",
  "hex.txt": "hex:00ff\n",
  "odd.txt": "hex:0",
  "key.pem": "-----BEGIN TSS2 PRIVATE KEY-----\n",
};

const read = (path: string) => {
  const text = (AUTH as Readonly<Record<string, string>>)[path];
  return text === undefined
    ? Promise.reject(new Deno.errors.NotFound("gone"))
    : Promise.resolve(new TextEncoder().encode(text));
};

const dependencies = { files: { ...processFiles, read } };

/** A script that succeeds, with the source that is asked for. */
function source(
  title: string,
  options: readonly string[],
  wanted: Record<string, unknown>,
  provider: number,
): Script {
  return {
    title: `adopt ${title}`,
    argv: [...KEY, ...options, "--auth", "direct:admin"],
    dependencies,
    answers: adopting(({ source }) =>
      deepEqual("auth" in source ? { ...source, auth: [...source.auth] } : source, wanted)
    ),
    stdout: /^\* tls \(/,
    stderr: KEPT,
    asked: [`AdoptKey ${provider} direct:admin`],
  };
}

const secret = [...new TextEncoder().encode("s3cret")];

testScripts([
  {
    title: "adopt prints the key as list-keys does",
    argv: BY_LABEL,
    answers: adopting(({ client, keyName, deleteWithKey }) =>
      deepEqual([client, keyName, deleteWithKey], ["app", "tls", false])
    ),
    stdout: LINE,
    stderr: KEPT,
    asked: ["ListAuthenticators 0 nobody", "AdoptKey 2 direct:parsec-tool"],
  },
  {
    title: "adopt --json prints the facts of the key, on stdout only",
    argv: [...BY_LABEL, "--json", "--usage", "sign"],
    answers: adopting(),
    stdout:
      '{"client":"app","name":"tls","provider_id":2,"key_type":"EccKeyPair { curve_family: SecpR1 }",' +
      '"key_bits":384,"key_usage_flags":["sign_message","sign_hash"],' +
      '"key_algorithm":"AsymmetricSignature(Ecdsa { hash_alg: Specific(Sha256) })"}\n',
  },
  {
    title: "adopt --delete-with-key says that it will be gone",
    argv: [...BY_LABEL, "--delete-with-key"],
    answers: adopting(({ deleteWithKey }) => deepEqual(deleteWithKey, true)),
    stdout: LINE,
    stderr: 'parsec: "app" has the key now; deleting it deletes it from the device too\n',
  },
  source("--label escapes what a URI is made of", ["--label", "a;b?c=d %é"], {
    kind: "token_object",
    uri: "pkcs11:object=a%3Bb%3Fc%3Dd%20%25%C3%A9",
  }, 2),
  source("--uri goes as it is", ["--uri", "pkcs11:id=%01;type=private"], {
    kind: "token_object",
    uri: "pkcs11:id=%01;type=private",
  }, 2),
  source("-p chooses another provider", ["--label", "a", "-p", "5"], {
    kind: "token_object",
    uri: "pkcs11:object=a",
  }, 5),
  source("--handle asks the TPM", ["--handle", "0x81000001"], {
    kind: "tpm_handle",
    handle: 0x81000001,
    auth: [],
  }, 3),
  source(
    "--auth-file gives the auth value without its line feed",
    [
      ...["--handle", "2164260865", "--auth-file", "auth.txt"],
    ],
    { kind: "tpm_handle", handle: 0x81000001, auth: secret },
    3,
  ),
  source(
    "--auth-file understands hex:, as the service's configuration does",
    ["--handle", "0x81000001", "--auth-file", "hex.txt"],
    { kind: "tpm_handle", handle: 0x81000001, auth: [0, 255] },
    3,
  ),
  source("--file sends a wrapped key", ["--file", "key.pem", "--auth-file", "auth.txt"], {
    kind: "tss2_key",
    pem: AUTH["key.pem"],
    auth: secret,
  }, 3),
]);

const USAGES: readonly (readonly [options: readonly string[], wanted: readonly UsageFlag[]])[] = [
  [["ecdsa-any"], ["signHash", "signMessage", "verifyHash", "verifyMessage"]],
  [["rsa-oaep-sha256"], ["encrypt", "decrypt"]],
  [["ecdh"], ["derive"]],
  [["hmac-sha256"], ["signMessage", "verifyMessage"]],
  [["cbc-pkcs7", "-u", "decrypt,export"], ["decrypt", "export"]],
  [["rsa-pss-sha256", "-u", "sign_message, verify"], [
    ...["signMessage", "verifyHash", "verifyMessage"] as const,
  ]],
];

testScripts(USAGES.map(([[algorithm = "", ...options], wanted]) => ({
  title: `adopt --algorithm ${[algorithm, ...options].join(" ")} is for ${wanted.join(", ")}`,
  argv: [...KEY.slice(0, -1), algorithm, ...options, "--label", "a", "--json"],
  answers: adopting(({ policy: { usageFlags, permittedAlgorithm } }) => {
    deepEqual(USAGE_FLAGS.filter((flag) => usageFlags[flag]).toSorted(), wanted.toSorted());
    deepEqual(permittedAlgorithm, parseAlgorithm(algorithm));
  }),
  stdout: /^\{"client":"app"/,
})));

Deno.test("parseAlgorithm() takes short names and what list-keys prints", async (t) => {
  const cases: readonly (readonly [string, Algorithm])[] = [
    ["ecdsa-sha256", { kind: "ecdsa", hash: Hash.Sha256 }],
    ["RSA-PSS-SHA512", { kind: "rsa_pss", hash: Hash.Sha512 }],
    ["rsa-pkcs1-any", { kind: "rsa_pkcs1v15_sign", hash: "any" }],
    ["rsa-pkcs1-crypt", { kind: "rsa_pkcs1v15_crypt" }],
    ["ecdh", { kind: "raw_key_agreement", agreement: Agreement.Ecdh }],
    ["cbc", { kind: "cipher", mode: CipherMode.CbcNoPadding }],
    ["hmac-sha3-256", { kind: "hmac", hash: Hash.Sha3_256 }],
  ];
  for (const [text, algorithm] of cases) {
    await t.step(text, () => {
      deepEqual(parseAlgorithm(text), algorithm);
      deepEqual(parseAlgorithm(displayAlgorithm(algorithm)), algorithm);
    });
  }
});

testScripts([{
  title: "adopt gives a key to a uid",
  argv: [...BY_LABEL, "--auth", "unix", "-c", "1001"],
  answers: adopting(({ client }) => deepEqual(client, "1001")),
  stdout: LINE,
  stderr: KEPT.replace("app", "1001"),
  asked: ["AdoptKey 2 uid:1000"],
}]);

const HELP = "hint: see `parsec adopt --help`\n";
const misuse = (title: string, options: readonly string[], message: RegExp): Script => ({
  title: `adopt refuses ${title}`,
  argv: [...KEY, ...options],
  dependencies,
  stderr: new RegExp(`^parsec: error: ${message.source}\n${HELP}$`),
  exitCode: 2,
});

testScripts([
  misuse("no source", [], /Cannot tell which key is meant: found 0 of .* wanted one/),
  misuse("two sources", ["--label", "a", "--handle", "0x81000001"], /Cannot .*: found 2 of .*/),
  misuse("an empty label", ["--label", ""], /Cannot take a URI: found neither object nor id .*/),
  misuse("a URI that is none", ["--uri", "object=a"], /Cannot read a PKCS#11 URI: .*RFC 7512/),
  misuse("a PIN", ["--uri", "pkcs11:object=a?pin-value=1234"], /((?!1234).)*a PIN((?!1234).)*/),
  misuse(
    "a handle that does not last",
    ["--handle", "0x80000001"],
    /Cannot take --handle .*0x81000000 to 0x81ffffff wanted/,
  ),
  misuse("an auth value for a token", ["--label", "a", "--auth-file", "auth.txt"], /Cannot .*PIN/),
  misuse(
    "an auth value that is no hexadecimal",
    ["--handle", "0x81000001", "--auth-file", "odd.txt"],
    /Cannot take the auth value: an auth value has something else than pairs of digits after hex:/,
  ),
  misuse(
    "a file that is not there",
    ["--file", "gone.pem"],
    /Cannot read gone\.pem: there is no such file or folder/,
  ),
  misuse(
    "a client that no uid is",
    ["--label", "a", "--auth", "unix"],
    /Cannot give a key to "app": no application is called that, a uid in decimal digits wanted/,
  ),
  misuse(
    "a client without a name",
    ["--label", "a", "--auth", "direct:admin", "-c", ""],
    /Cannot give a key to "": no application is called that, 1 to 65535 bytes wanted/,
  ),
  misuse("a use that is none", ["--label", "a", "-u", "sing"], /Cannot take -u, --usage .*/),
  misuse(
    "an algorithm that is none",
    ["--label", "a", "-a", "sha256"],
    /Cannot take -a, --algorithm <algorithm>: "sha256", an algorithm wanted, for example .*/,
  ),
]);

const REFUSALS: readonly (readonly [ResponseStatus, RegExp])[] = [
  [ResponseStatus.AdminOperation, /only an administrator [^]*hint: .*`admins` in the service's/],
  [ResponseStatus.PsaErrorDoesNotExist, /no such key [^]*hint: .*`pkcs11-tool .* -O`/],
  [ResponseStatus.PsaErrorInvalidArgument, /several keys match[^]*hint: .*pkcs11:object=LABEL;id=/],
  [ResponseStatus.PsaErrorNotPermitted, /does not let the key [^]*hint: .*--usage/],
  [ResponseStatus.PsaErrorAlreadyExists, /of this name already, or [^]*hint: choose another/],
  [ResponseStatus.PsaErrorNotSupported, /cannot adopt the key[^]*hint: .*PKCS #11.* -p/],
  [ResponseStatus.PsaErrorInsufficientStorage, /all the keys [^]*hint: .*max_keys_per_application/],
  [ResponseStatus.ProviderNotRegistered, /no such provider[^]*hint: see `parsec list-providers`/],
];

testScripts(REFUSALS.map(([status, message]) => ({
  title: `adopt says what status ${status} means here, and what to do`,
  argv: BY_LABEL,
  answers: { ...ANSWERS, AdoptKey: () => refuse(status) },
  stderr: new RegExp(`^parsec: error: AdoptKey was refused: .*${message.source}`),
  exitCode: 1,
})));

Deno.test("adopt reads an auth value last: where the key's file can't be read, it is nowhere", async () => {
  const asked: string[] = [];
  const files = {
    ...processFiles,
    read: (path: string) => {
      asked.push(path);
      return read(path);
    },
  };
  const argv = [...KEY, "--file", "gone.pem", "--auth-file", "auth.txt"];
  const { exitCode } = await runCli({ argv, dependencies: { files } });
  deepEqual([exitCode, asked], [2, ["gone.pem"]]);
});
