/** What must fail: the message, the next step, the exit code; nothing on standard output. */
import { unixExchange } from "../../src/client/mod.ts";
import { ResponseStatus } from "../../src/status.ts";
import { ANSWERS } from "./answers.ts";
import { refuse } from "./fake_service.ts";
import { type Script, testScripts } from "./script.ts";

const misuse: readonly Script[] = [
  {
    title: "no command at all prints help on stderr",
    argv: [],
    stderr:
      /^Usage: parsec \[options\] \[command\]\n[^]*\nparsec: error: Cannot run: no command given\nhint: see `parsec --help`\n$/,
  },
  {
    title: "an unknown command",
    argv: ["pong"],
    stderr:
      "parsec: error: unknown command 'pong' (Did you mean ping?)\nhint: see `parsec --help`\n",
  },
  {
    title: "an unknown option",
    argv: ["sign", "-k", "k", "--pss", "text"],
    stderr: "parsec: error: unknown option '--pss'\nhint: see `parsec sign --help`\n",
  },
  {
    title: "a missing option",
    argv: ["sign", "text"],
    stderr:
      "parsec: error: required option '-k, --key-name <key-name>' not specified\nhint: see `parsec sign --help`\n",
  },
  {
    title: "a missing value",
    argv: ["delete-key", "-k"],
    stderr:
      "parsec: error: option '-k, --key-name <key-name>' argument missing\nhint: see `parsec delete-key --help`\n",
  },
  {
    title: "a missing argument",
    argv: ["encrypt", "-k", "rsa"],
    stderr:
      "parsec: error: missing required argument 'input-data'\nhint: see `parsec encrypt --help`\n",
  },
  {
    title: "an argument too many",
    argv: ["ping", "pong"],
    stderr: /^parsec: error: too many arguments for 'ping'[^]*\nhint: see `parsec ping --help`\n$/,
  },
  ...["", "-1", "1.5", "0x10", "12 ", "9007199254740993", "ten"].map((value) => ({
    title: `a number of bytes that is ${JSON.stringify(value)}`,
    argv: ["generate-random", `--nbytes=${value}`],
    stderr: value === ""
      ? /^parsec: error: .*\nhint: see `parsec generate-random --help`\n$/
      : `parsec: error: Cannot take -n, --nbytes <nbytes>: ${
        JSON.stringify(value)
      }, a whole number from 0 to 9007199254740991 wanted\nhint: see \`parsec generate-random --help\`\n`,
  })),
  {
    title: "a provider number that does not fit the header",
    argv: ["-p", "256", "ping"],
    stderr:
      'parsec: error: Cannot take -p, --provider <provider>: "256", a whole number from 0 to 255 wanted\nhint: see `parsec ping --help`\n',
  },
  ...["direct", "direct:", "jwt", "unix:1000"].map((value) => ({
    title: `an identity that is ${value}`,
    argv: ["ping", "--auth", value],
    stderr:
      `parsec: error: Cannot take --auth <identity>: "${value}", direct:<application name>, unix or none wanted\nhint: see \`parsec ping --help\`\n`,
  })),
  {
    title: "a subject alternative name that no certificate can hold",
    argv: ["create-csr", "-k", "ecc", "--san", "bücher.example"],
    stderr:
      /^parsec: error: Cannot take --san .*: "bücher\.example", a host name in ASCII .*\nhint: see/,
  },
  {
    title: "an endpoint with another scheme",
    argv: ["ping"],
    environment: { PARSEC_SERVICE_ENDPOINT: "tcp://localhost:4433" },
    stderr:
      'parsec: error: Cannot use the endpoint "tcp://localhost:4433": scheme tcp, unix wanted\nhint: set PARSEC_SERVICE_ENDPOINT, or --endpoint, to unix:/path/of/socket\n',
  },
  {
    title: "an endpoint that is a bare path; the option wins over the environment",
    argv: ["--endpoint", "/run/parsec.sock", "ping"],
    environment: { PARSEC_SERVICE_ENDPOINT: "unix:/run/parsec.sock" },
    stderr:
      'parsec: error: Cannot use the endpoint "/run/parsec.sock": no scheme, unix:/path/of/socket wanted\nhint: set PARSEC_SERVICE_ENDPOINT, or --endpoint, to unix:/path/of/socket\n',
  },
].map((script) => ({ exitCode: 2, ...script }));

const refusals: readonly Script[] = [
  {
    title: "a key that is not there, found by the service",
    argv: ["delete-key", "-k", "nobody"],
    answers: { ...ANSWERS, PsaDestroyKey: () => refuse(ResponseStatus.PsaErrorDoesNotExist) },
    stderr:
      "parsec: error: PsaDestroyKey was refused: there is no key of this name for this application in this provider (PsaErrorDoesNotExist, 1140)\nhint: see `parsec list-keys`; another identity (--auth) has other keys\n",
  },
  {
    title: "a key that is not there, found in the list",
    argv: ["sign", "-k", "no\u001b[2Jbody", "text"],
    stderr:
      'parsec: error: Cannot find the key "no\\u{1b}[2Jbody": not among this application\'s keys in the Mbed Crypto provider (1)\nhint: see `parsec list-keys`; another identity (--auth) has other keys\n',
  },
  {
    title: "a key that another provider has",
    argv: ["sign", "-k", "chip", "text"],
    stderr:
      'parsec: error: Cannot find the key "chip": not among this application\'s keys in the Mbed Crypto provider (1)\nhint: the TPM provider has one of this name: -p 3\n',
  },
  {
    title: "a key that is there already",
    argv: ["create-ecc-key", "-k", "ecc"],
    answers: { ...ANSWERS, PsaGenerateKey: () => refuse(ResponseStatus.PsaErrorAlreadyExists) },
    stderr: /\(PsaErrorAlreadyExists, 1139\)\nhint: choose another name, or remove the key/,
  },
  {
    title: "a provider that the service has not",
    argv: ["generate-random", "-n", "1", "-p", "4"],
    answers: { ...ANSWERS, PsaGenerateRandom: () => refuse(ResponseStatus.ProviderNotRegistered) },
    stderr:
      "parsec: error: PsaGenerateRandom was refused: this service has no such provider configured, or none for this application (ProviderNotRegistered, 5)\nhint: see `parsec list-providers` and choose one with -p\n",
  },
  {
    title: "the core provider, asked for cryptography",
    argv: ["-p0", "create-rsa-key", "-k", "k"],
    stderr:
      "parsec: error: Cannot ask the core provider: it has no keys and no cryptography\nhint: see `parsec list-providers` and choose another with -p\n",
  },
  {
    title: "an administrator's command by anybody else",
    argv: ["list-clients"],
    answers: { ...ANSWERS, ListClients: () => refuse(ResponseStatus.AdminOperation) },
    stderr:
      "parsec: error: ListClients was refused: only an administrator may do this (AdminOperation, 21)\nhint: administrators are listed under `admins` in the service's configuration\n",
  },
  {
    title: "a refusal under --json is one line of JSON on stderr",
    argv: ["list-clients", "--json"],
    answers: { ...ANSWERS, ListClients: () => refuse(ResponseStatus.PsaErrorBadState) },
    stderr:
      '{"error":{"message":"ListClients was refused: PsaErrorBadState (1137)","status":"PsaErrorBadState","status_code":1137,"exit_code":1}}\n',
  },
  {
    title: "signing with a key for encryption",
    argv: ["sign", "-k", "rsa", "text"],
    stderr:
      "parsec: error: Cannot sign with this key: it is for AsymmetricEncryption(RsaPkcs1v15Crypt), a signature wanted\nhint: create one with `parsec create-rsa-key -s` or `parsec create-ecc-key`\n",
  },
  {
    title: "signing with a key that takes bytes as they are",
    argv: ["sign", "-k", "raw", "text"],
    stderr:
      "parsec: error: Cannot sign a message with this key: AsymmetricSignature(EcdsaAny) takes any bytes as they are\nhint: use a key whose policy names a hash\n",
  },
  {
    title: "signing with a hash that is not there",
    argv: ["sign", "-k", "md2", "text"],
    stderr: "parsec: error: Cannot hash with MD2: this program has no such algorithm\n",
  },
  ...["encrypt", "decrypt"].map((command) => ({
    title: `${command} with a signing key`,
    argv: [command, "-k", "ecc", "AQID"],
    stderr:
      "parsec: error: Cannot encrypt or decrypt with this key: it is for AsymmetricSignature(Ecdsa { hash_alg: Specific(Sha256) }), an RSA encryption wanted\nhint: create one with `parsec create-rsa-key`\n",
  })),
  ...["AQI", "AQID!", "A", "–"].map((ciphertext) => ({
    title: `a ciphertext that is ${ciphertext}`,
    argv: ["decrypt", "-k", "rsa", ciphertext],
    stderr:
      "parsec: error: Cannot read the ciphertext: not base64\nhint: give what `parsec encrypt` printed\n",
  })),
  {
    title: "a public key in PKCS#1 that is not RSA",
    argv: ["export-public-key", "-k", "ecc", "--pkcs1"],
    stderr:
      "parsec: error: Cannot write a key of type EccKeyPair { curve_family: SecpR1 } in PKCS#1: RSA wanted\nhint: leave out --pkcs1\n",
  },
  {
    title: "a public key on a curve that X.509 does not name",
    argv: ["export-public-key", "-k", "x"],
    answers: { ...ANSWERS, PsaExportPublicKey: () => ({ data: new Uint8Array(32) }) },
    stderr:
      "parsec: error: Cannot write the public key in PEM: a key of type EccKeyPair { curve_family: Montgomery } with 255 bits, RSA or a named curve wanted\n",
  },
  {
    title: "a certificate request with a hash that X.509 does not name",
    argv: ["create-csr", "-k", "md2"],
    stderr:
      "parsec: error: Cannot make a certificate request with MD2: SHA-256, SHA-384 or SHA-512 wanted\nhint: use a key whose policy names one of these\n",
  },
].map((script) => ({ exitCode: 1, answers: ANSWERS, ...script }));

testScripts([...misuse, ...refusals]);

const overSocket = { exchange: unixExchange };

const unreachable: readonly Script[] = [
  {
    title: "no socket at the endpoint",
    argv: ["ping", "--endpoint", "unix:/nowhere/parsec.sock"],
    stderr:
      "parsec: error: Cannot reach the service at /nowhere/parsec.sock: no such file, a socket wanted\nhint: is the service running? set PARSEC_SERVICE_ENDPOINT, or --endpoint, to unix:/path/of/socket\n",
  },
  {
    title: "an empty PARSEC_SERVICE_ENDPOINT is none",
    argv: ["list-keys"],
    environment: { PARSEC_SERVICE_ENDPOINT: "" },
    dependencies: { ...overSocket, defaultEndpoint: "unix:/nowhere/default.sock" },
    stderr: /^parsec: error: Cannot reach the service at \/nowhere\/default\.sock: no such file/,
  },
  {
    title: "a file at the endpoint that is no socket",
    argv: ["ping", "--json"],
    environment: { PARSEC_SERVICE_ENDPOINT: "unix:/dev/null" },
    stderr:
      '{"error":{"message":"Cannot reach the service at /dev/null: not a socket","hint":"set PARSEC_SERVICE_ENDPOINT, or --endpoint, to unix:/path/of/socket","exit_code":3}}\n',
  },
  {
    title: "something at the endpoint that does not speak the protocol",
    argv: ["ping"],
    dependencies: { exchange: () => () => Promise.resolve(new TextEncoder().encode("SSH-2.0")) },
    stderr:
      "parsec: error: Cannot read the service's answer: 7 bytes came, a header of 36 wanted\nhint: is it a Parsec service? See its log\n",
  },
].map((script) => ({ exitCode: 3, dependencies: overSocket, ...script }));

testScripts(unreachable);
