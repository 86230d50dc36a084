/** PsaAsymmetricEncrypt and PsaAsymmetricDecrypt. */
import {
  rsaDecrypt,
  rsaEncrypt,
  type RsaOperation,
  type Scheme,
  TPM2_ALG,
  TPM2_RC_FORMAT_1,
  Tss2Error,
} from "../../ffi/tss2/mod.ts";
import type { AsymmetricEncryption } from "../../src/psa/algorithm.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { type Engine, laneOf } from "./engine.ts";
import { padded } from "./public_key.ts";
import { invalidArgument, invalidPadding, notSupported } from "./refusals.ts";
import { isAboutRsaData } from "./rsa_failure.ts";
import { oaepDecode, oaepEncode, type OaepForm, oaepRoom } from "./rsa_oaep.ts";
import type { Tpm } from "./tpm.ts";

type EncryptionPrimitive = "PsaAsymmetricEncrypt" | "PsaAsymmetricDecrypt";

/** Bytes of PKCS#1 v1.5 padding (RFC 8017, section 7.2.1). */
const PKCS1_OVERHEAD = 11;
const NO_LABEL = new Uint8Array();
/** TPM2B_DATA: the length of two hashes' identifiers and digests. */
const MOST_LABEL = 64;

/** The bare RSA primitive with padding done here, or a scheme of the TPM's. */
type Padding =
  | { readonly by: "host"; readonly form: OaepForm }
  | { readonly by: "tpm"; readonly scheme: Scheme; readonly label: Uint8Array };

export function encryptionPrimitives(
  engine: Engine,
): Required<Pick<Primitives, EncryptionPrimitive>> {
  return {
    async PsaAsymmetricEncrypt(key, { alg, plaintext, salt }) {
      const room = roomOf(engine, key, alg);
      if (plaintext.length > room) {
        throw invalidArgument(`Cannot encrypt ${plaintext.length} bytes: wanted at most ${room}`);
      }
      return {
        ciphertext: await encrypt(engine, key, paddingOf(engine, key, alg, salt), plaintext),
      };
    },
    async PsaAsymmetricDecrypt(key, { alg, ciphertext, salt }) {
      const { bits } = key.attributes;
      if (ciphertext.length !== bits / 8 || roomOf(engine, key, alg) < 0) {
        throw invalidArgument(`Cannot decrypt ${ciphertext.length} bytes: wanted ${bits / 8}`);
      }
      return {
        plaintext: await decrypt(engine, key, paddingOf(engine, key, alg, salt), ciphertext),
      };
    },
  };
}

async function encrypt(
  { connection, loader }: Engine,
  key: Key,
  padding: Padding,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const data = padding.by === "host" ? oaepEncode(padding.form, plaintext) : plaintext;
  try {
    const ciphertext = await connection.run(laneOf(key), async (tpm) => {
      const object = await loader.load(tpm, key);
      return await tpm.secured((context, session) =>
        rsaEncrypt(context, [session], object, operation(padding, data))
      );
    });
    return padded(ciphertext, key.attributes.bits / 8);
  } finally {
    if (padding.by === "host") data.fill(0);
  }
}

async function decrypt(
  { connection, loader }: Engine,
  key: Key,
  padding: Padding,
  ciphertext: Uint8Array,
): Promise<Uint8Array> {
  const decrypted = await connection.run(laneOf(key), async (tpm) => {
    const object = await loader.load(tpm, key);
    try {
      return await tpm.secured((context, session) =>
        rsaDecrypt(context, [session], object, operation(padding, ciphertext))
      );
    } catch (error) {
      throw await isBadPadding(tpm, error) ? invalidPadding() : error;
    }
  });
  if (padding.by === "tpm") return decrypted;
  const encoded = padded(decrypted, padding.form.length);
  decrypted.fill(0);
  const plaintext = oaepDecode(padding.form, encoded);
  if (plaintext === undefined) throw invalidPadding();
  return plaintext;
}

function operation(padding: Padding, data: Uint8Array): RsaOperation {
  if (padding.by === "host") return { data, label: NO_LABEL };
  return { data, scheme: padding.scheme, label: padding.label };
}

/** Whether the TPM found the padding wrong. */
async function isBadPadding(tpm: Tpm, error: unknown): Promise<boolean> {
  if (!(error instanceof Tss2Error)) return false;
  const { VALUE, SIZE } = TPM2_RC_FORMAT_1;
  const { tpm: code, about } = error.response;
  if ((code === VALUE || code === SIZE) && !/^(handle|session) /.test(about)) return true;
  return await isAboutRsaData(tpm, error);
}

function paddingOf(
  { registry, host, loader }: Engine,
  key: Key,
  alg: AsymmetricEncryption,
  label: Uint8Array,
): Padding {
  const { bits } = key.attributes;
  if (alg.kind === "rsa_pkcs1v15_crypt") {
    return { by: "tpm", scheme: { scheme: TPM2_ALG.RSAES }, label: NO_LABEL };
  }
  const hash = registry.hash(alg.hash);
  if (isTpmLabel(label)) return { by: "tpm", scheme: { scheme: TPM2_ALG.OAEP, hash }, label };
  const area = loader.publicArea(key);
  if ("scheme" in area && area.scheme !== undefined) {
    throw notSupported(
      "Cannot use this label: the key is one of the TPM's OAEP alone, which lacks it",
    );
  }
  return { by: "host", form: { digest: host.digest(alg.hash), label, length: bits / 8 } };
}

function isTpmLabel(label: Uint8Array): boolean {
  return label.length === 0 || (label.length <= MOST_LABEL && label.at(-1) === 0);
}

/** Longest plaintext, bytes. */
function roomOf(
  { host }: Engine,
  { attributes: { bits } }: Key,
  alg: AsymmetricEncryption,
): number {
  const length = bits / 8;
  if (alg.kind === "rsa_pkcs1v15_crypt") return length - PKCS1_OVERHEAD;
  return oaepRoom({ digest: host.digest(alg.hash), length });
}
