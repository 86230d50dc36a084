/** A service whose keys are on a PKCS#11 token: command lines, openssl, isolation, and keys of AES. */
import assert from "node:assert/strict";
import { ServiceError } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { AeadMode } from "../../src/psa/algorithm.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";
import { ResponseStatus } from "../../src/status.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { Pkcs11Service } from "../pkcs11/pkcs11_service.ts";
import { PARSEC_TOOL, testNeeding } from "../requirements.ts";
import { checkLibraryKeys } from "./library_keys.ts";
import { readRequest, verifySignature } from "./openssl.ts";
import { runParsec } from "./parsec_program.ts";
import { checkKeys } from "./tool_keys.ts";
import { TEXT, toolsFor } from "./tools.ts";

const { Pkcs11 } = ProviderId;
const { keyName } = EXAMPLES.PsaSignHash;

function answers(name: keyof typeof ResponseStatus) {
  return (error: unknown) => {
    assert.ok(error instanceof ServiceError, String(error));
    assert.equal(error.status, ResponseStatus[name], error.message);
    return true;
  };
}

Deno.test("the command line makes and uses a key on a token, and others see it there", async () => {
  await using pkcs11 = await Pkcs11Service.start();
  const parsec = async (...args: readonly string[]) => {
    const env = { PARSEC_SERVICE_ENDPOINT: pkcs11.service.endpoint };
    const { code, stdout, stderr } = await runParsec(args, { env });
    assert.equal(code, 0, `${args.join(" ")}\n${stdout}${stderr}`);
    return stdout;
  };
  const objects = () => pkcs11.softhsm.pkcs11Tool(pkcs11.token, "--list-objects");
  assert.match(await parsec("list-providers"), /^ID: 0x02 .*PKCS/);
  await parsec("create-ecc-key", "-k", "gateway-tls");
  assert.match(await objects(), /Private Key Object; EC[^]*label: +gateway-tls \(parsec, /);
  const publicKey = await parsec("export-public-key", "-k", "gateway-tls");
  const signature = await parsec("sign", "-k", "gateway-tls", TEXT);
  await verifySignature({ publicKey, text: TEXT, signature });
  const csr = await parsec("create-csr", "-k", "gateway-tls", "--cn", "gateway");
  assert.match(await readRequest(csr), /subject=CN=gateway\n[^]*self-signature verify OK/);
  await parsec("delete-key", "-k", "gateway-tls");
  assert.equal(await objects(), "");
});

testNeeding(
  PARSEC_TOOL,
  "parsec-tool and parsec do the same with keys on a token",
  async (t) => {
    await using pkcs11 = await Pkcs11Service.start();
    const tools = toolsFor(pkcs11.service.endpoint);
    for (const maker of tools.both) {
      await t.step(
        `keys that ${maker.name} makes`,
        (t) => checkKeys(t, tools, maker, Pkcs11),
      );
    }
    await t.step("keys that only the library makes", (t) => {
      return checkLibraryKeys(t, pkcs11.service, tools, Pkcs11);
    });
    await t.step("all are gone", async () => {
      assert.equal(await tools.ours.get("list-keys"), "");
      assert.equal(await pkcs11.softhsm.pkcs11Tool(pkcs11.token, "--list-objects"), "");
    });
  },
);

testNeeding(PARSEC_TOOL, "so they do with public operations in software", async (t) => {
  const provider = { software_public_operations: true };
  await using pkcs11 = await Pkcs11Service.start({ provider });
  const tools = toolsFor(pkcs11.service.endpoint);
  await checkKeys(t, tools, tools.theirs, Pkcs11);
});

Deno.test("two applications have keys of one name on a token, and not each other's", async () => {
  await using pkcs11 = await Pkcs11Service.start();
  const [one, two, stranger] = [
    pkcs11.client("one"),
    pkcs11.client("two"),
    pkcs11.client("stranger"),
  ];
  const keys = [];
  for (const client of [one, two]) {
    await client.psaGenerateKey(Pkcs11, EXAMPLES.PsaGenerateKey);
    keys.push((await client.psaExportPublicKey(Pkcs11, { keyName })).data);
  }
  assert.notDeepEqual(keys[0], keys[1]);
  const { signature } = await one.psaSignHash(Pkcs11, EXAMPLES.PsaSignHash);
  const verify = { ...EXAMPLES.PsaVerifyHash, signature };
  await one.psaVerifyHash(Pkcs11, verify);
  await assert.rejects(two.psaVerifyHash(Pkcs11, verify), answers("PsaErrorInvalidSignature"));
  for (
    const use of [
      () => stranger.psaSignHash(Pkcs11, EXAMPLES.PsaSignHash),
      () => stranger.psaDestroyKey(Pkcs11, { keyName }),
    ]
  ) await assert.rejects(use, answers("PsaErrorDoesNotExist"));
  await two.psaDestroyKey(Pkcs11, { keyName });
  await one.psaSignHash(Pkcs11, EXAMPLES.PsaSignHash);
});

Deno.test("an application seals data with an AES key that never leaves the token", async () => {
  await using pkcs11 = await Pkcs11Service.start();
  const client = pkcs11.client();
  const alg = { kind: "aead", mode: AeadMode.Gcm } as const;
  const flags = usageFlags("encrypt", "decrypt");
  const policy = { usageFlags: flags, permittedAlgorithm: alg };
  const attributes = { type: { kind: "aes" } as const, bits: 256, policy };
  await client.psaGenerateKey(Pkcs11, { keyName, attributes });
  const common = {
    keyName,
    alg,
    nonce: crypto.getRandomValues(new Uint8Array(12)),
    additionalData: new TextEncoder().encode("meter 7"),
  };
  const plaintext = new TextEncoder().encode("23.5 kWh");
  const { ciphertext } = await client.psaAeadEncrypt(Pkcs11, { ...common, plaintext });
  const opened = await client.psaAeadDecrypt(Pkcs11, { ...common, ciphertext });
  assert.equal(opened.plaintext.toHex(), plaintext.toHex());
  const other = { ...common, additionalData: new TextEncoder().encode("meter 8") };
  await assert.rejects(
    client.psaAeadDecrypt(Pkcs11, { ...other, ciphertext }),
    answers("PsaErrorInvalidSignature"),
  );
  await assert.rejects(
    client.psaExportKey(Pkcs11, { keyName }),
    answers("PsaErrorNotPermitted"),
  );
});
