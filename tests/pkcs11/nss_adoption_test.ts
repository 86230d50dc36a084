/** Keys that NSS's own tools have made, with certificates, adopted from its database. */
import assert from "node:assert/strict";
import { Hash } from "../../src/psa/hash.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import { run } from "../setup/run_command.ts";
import { ResponseStatus } from "../../src/status.ts";
import { adopt } from "./adopted_key.ts";
import { NSS_MODULE, NSS_PIN, NSS_TOKEN_LABEL, NssDatabase } from "./nss.ts";
import { refused, type TestProvider } from "./provider.ts";
import { openPkcs11Provider, parsePin } from "../../providers/pkcs11/mod.ts";

const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const PSS = { kind: "rsa_pss", hash: Hash.Sha256 } as const;
const MESSAGE = new TextEncoder().encode("attack at dawn");
const keyName = "key";

/** certutil makes a key with a certificate of itself; the key has no label. */
async function makeCertified(database: NssDatabase, name: string, ...type: readonly string[]) {
  const noise = `${database.folder}/noise`;
  await Deno.writeFile(noise, crypto.getRandomValues(new Uint8Array(64)));
  const files = ["-d", `sql:${database.folder}`, "-f", `${database.folder}/pin`];
  const certificate = ["-S", "-x", "-n", name, "-s", `CN=${name}`, "-t", "u,u,u", "-z", noise];
  await run("certutil", [...certificate, ...files, ...type]);
  const keys = await run("certutil", ["-K", ...files]);
  return new RegExp(`([0-9a-f]{40}) .*:${name}$`, "m").exec(keys)?.[1] ?? assert.fail(keys);
}

Deno.test("keys of an NSS database are adopted by the id that their certificates have", async () => {
  await using database = await NssDatabase.create();
  const ec = await makeCertified(database, "curve", "-k", "ec", "-q", "nistp256");
  const rsa = await makeCertified(database, "number", "-k", "rsa", "-g", "2048");
  const log = recordingLogger();
  await using opened = await openPkcs11Provider({
    name: "nss",
    libraryPath: NSS_MODULE,
    initialise: { reserved: database.parameters },
    token: { uri: { token: NSS_TOKEN_LABEL } },
    pin: () => parsePin(NSS_PIN),
    softwarePublicOperations: false,
    allowExport: true,
    log,
  });
  const provider = opened as TestProvider;
  await refused(
    ResponseStatus.PsaErrorDoesNotExist,
    () => adopt(provider, "pkcs11:object=curve"),
  );
  assert.match(String(log.lines.at(-1)?.fields.reason), new RegExp(`certificate with .*'${ec}'`));
  const { PsaSignMessage, PsaVerifyMessage } = provider.primitives;
  for (const [id, alg, bits] of [[ec, ECDSA, 256], [rsa, PSS, 2048]] as const) {
    const uri = `pkcs11:id=${id.replaceAll(/../g, "%$&")}`;
    const key = await adopt(provider, uri, { algorithm: alg, deleteWithKey: id === rsa });
    assert.equal(key.attributes.bits, bits);
    const { signature } = await PsaSignMessage(key, { keyName, alg, message: MESSAGE });
    await PsaVerifyMessage(key, { keyName, alg, message: MESSAGE, signature });
    await provider.keys.destroyKey(key);
  }
  const files = ["-d", `sql:${database.folder}`, "-f", `${database.folder}/pin`];
  const left = await run("certutil", ["-K", ...files]);
  assert.match(left, new RegExp(ec));
  assert.doesNotMatch(left, new RegExp(rsa));
});
