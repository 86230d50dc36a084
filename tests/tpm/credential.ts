/** tpm2_makecredential: what who is far away makes for the TPM that holds a key. */
import assert from "node:assert/strict";
import { OpensslCommand } from "../fakes/openssl_command.ts";
import { Swtpm } from "./swtpm.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

/** Of what PrepareKeyAttestation gives. */
export interface PreparedKey {
  readonly name: Uint8Array;
  readonly attestingKeyPub: Uint8Array;
}

export interface Credential {
  /** TPMS_ID_OBJECT. */
  readonly credentialBlob: Uint8Array;
  readonly secret: Uint8Array;
}

/** @param secret What the TPM is to give back; nothing of the TPM with the key is needed. */
export async function makeCredential(
  { name, attestingKeyPub }: PreparedKey,
  secret: Uint8Array,
): Promise<Credential> {
  using openssl = new OpensslCommand();
  openssl.write("ek.der", attestingKeyPub);
  openssl.must(
    ...["rsa", "-RSAPublicKey_in", "-inform", "DER", "-in", "ek.der", "-pubout", "-out", "ek.pem"],
  );
  return await makeCredentialFor(name, openssl.read("ek.pem"), secret);
}

/**
 * @param name Of the key that is to be proved.
 * @param endorsementKey In PEM.
 */
export async function makeCredentialFor(
  name: Uint8Array,
  endorsementKey: Uint8Array,
  secret: Uint8Array,
): Promise<Credential> {
  await using swtpm = await Swtpm.start();
  using tools = new Tpm2Tools(swtpm);
  using openssl = new OpensslCommand();
  const key = openssl.write("ek.pem", endorsementKey);
  const kind = openssl.run("rsa", "-pubin", "-in", key, "-noout").success ? "rsa" : "ecc";
  tools.write("ek.pem", endorsementKey);
  tools.write("secret", secret);
  await tools.run(
    "makecredential",
    ...["-Q", "-u", "ek.pem", "-G", kind, "-s", "secret", "-n", name.toHex(), "-o", "credential"],
  );
  return readCredential(tools.read("credential"));
}

/** The tool's file: a magic number, a version, TPM2B_ID_OBJECT, TPM2B_ENCRYPTED_SECRET. */
function readCredential(file: Uint8Array): Credential {
  const view = new DataView(file.buffer, file.byteOffset);
  assert.equal(view.getUint32(0), 0xbadcc0de);
  const end = 10 + view.getUint16(8);
  return { credentialBlob: file.slice(10, end), secret: file.slice(end + 2) };
}
