/** Reads and verifies statements of a TPM, as somebody does who has nothing but them. */
import assert from "node:assert/strict";
import { decodePublicArea, type PublicArea, WireReader, WireWriter } from "../../ffi/tss2/mod.ts";
import { readSignature } from "../../ffi/tss2/schemes.ts";
import { writeUnsignedSequence } from "../../ffi/libcrypto/mod.ts";
import type { Result as Identity } from "../../src/operations/get_attestation_identity.ts";
import { OpensslCommand, writeEcPublicKey } from "../fakes/openssl_command.ts";
import { type Credential, makeCredentialFor } from "./credential.ts";

/** TPMS_ATTEST (TPM 2.0 Library, part 2, section 10.12). */
export interface ReadStatement {
  readonly type: number;
  readonly nonce: Uint8Array;
  /** What is particular to its type. */
  readonly rest: WireReader;
}

/** @throws {Error} If it is nothing that a TPM has made up itself. */
export function readStatement(statement: Uint8Array): ReadStatement {
  const reader = new WireReader(statement);
  assert.equal(reader.u32(), 0xff54_4347);
  const type = reader.u16();
  reader.sized(); // of the signer
  const nonce = reader.sized();
  reader.bytes(17 + 8); // clock, firmware
  return { type, nonce, rest: reader };
}

export async function nameOfArea(publicArea: Uint8Array): Promise<Uint8Array> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(publicArea));
  return new WireWriter(34).u16(0x0b).bytes(new Uint8Array(digest)).finish();
}

/** In PEM, by openssl. @param publicArea TPMT_PUBLIC */
export function pemOf(publicArea: Uint8Array): Uint8Array {
  using openssl = new OpensslCommand();
  writePublicKey(openssl, decodePublicArea(publicArea));
  return openssl.read("key.pem");
}

/** Whether openssl finds a statement to be signed by a key. */
export function isSignedBy(
  publicArea: Uint8Array,
  { statement, signature }: { readonly statement: Uint8Array; readonly signature: Uint8Array },
): boolean {
  using openssl = new OpensslCommand();
  writePublicKey(openssl, decodePublicArea(publicArea));
  const read = readSignature(signature);
  const bytes = read.kind === "rsa" ? read.signature : writeUnsignedSequence([read.r, read.s]);
  openssl.write("signature", bytes);
  openssl.write("statement", statement);
  return openssl.run(
    ...["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "statement"],
  ).success;
}

/** What a verifier sends to whom it wants to know: made without the TPM. */
export async function credentialFor(
  { attestationKey, endorsementKey }: Identity,
  secret: Uint8Array,
): Promise<Credential> {
  return await makeCredentialFor(await nameOfArea(attestationKey), pemOf(endorsementKey), secret);
}

function writePublicKey(openssl: OpensslCommand, area: PublicArea): void {
  const out = ["-pubout", "-out", "key.pem"];
  if (area.type === "rsa") {
    const exponent = Uint8Array.of(1, 0, 1);
    openssl.write("key.der", writeUnsignedSequence([area.modulus, exponent]));
    openssl.must("rsa", "-RSAPublicKey_in", "-inform", "DER", "-in", "key.der", ...out);
    return;
  }
  assert.ok(area.type === "ecc");
  const coordinate = (bytes: Uint8Array) => bytes.toHex().padStart(64, "0");
  const point = Uint8Array.fromHex(`04${coordinate(area.x)}${coordinate(area.y)}`);
  writeEcPublicKey(openssl, "key.der", "prime256v1", point);
  openssl.must("pkey", "-pubin", "-inform", "DER", "-in", "key.der", ...out);
}
