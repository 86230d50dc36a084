/**
 * What a token does with its keys, each time in one go: sign, verify, encrypt, decrypt; and digests and random
 * bytes.
 *
 * Data is not copied: it must stay as it is until the promise is settled. Results are fresh arrays.
 */
import { Arena } from "../runtime/arena.ts";
import { asBuffer } from "../runtime/buffer.ts";
import { check, Pkcs11AnswerError } from "./errors.ts";
import { layMechanism, type Mechanism } from "./mechanism.ts";
import type { ObjectHandle } from "./objects.ts";
import { CKR } from "./return_values.ts";
import type { Session } from "./session.ts";

export interface KeyedOperation {
  readonly mechanism: Mechanism;
  readonly key: ObjectHandle;
  readonly data: Uint8Array;
}

export interface OutputLimit {
  /** Bytes of the longest output that is an answer. */
  readonly most: number;
}

/** @returns The signature or MAC. */
export async function sign(
  session: Session,
  operation: KeyedOperation & OutputLimit,
): Promise<Uint8Array<ArrayBuffer>> {
  using arena = new Arena();
  await begin(session, "C_SignInit", arena, operation);
  return await finish(session, "C_Sign", operation);
}

/** Whether the signature or MAC is one of the data. */
export async function verify(
  session: Session,
  operation: KeyedOperation & { readonly signature: Uint8Array },
): Promise<boolean> {
  const { mechanism, data, signature } = operation;
  using arena = new Arena();
  await begin(session, "C_VerifyInit", arena, operation);
  const result = await session.paced(
    { functionName: "C_Verify", mechanism: mechanism.type, length: data.length },
    (calls) =>
      calls.C_Verify(
        session.handle,
        asBuffer(data),
        BigInt(data.length),
        asBuffer(signature),
        BigInt(signature.length),
      ),
  );
  end(session, result);
  const code = Number(result);
  if (code === CKR.SIGNATURE_INVALID || code === CKR.SIGNATURE_LEN_RANGE) return false;
  check("C_Verify", result);
  return true;
}

export async function encrypt(
  session: Session,
  operation: KeyedOperation & OutputLimit,
): Promise<Uint8Array<ArrayBuffer>> {
  using arena = new Arena();
  await begin(session, "C_EncryptInit", arena, operation);
  return await finish(session, "C_Encrypt", operation);
}

export async function decrypt(
  session: Session,
  operation: KeyedOperation & OutputLimit,
): Promise<Uint8Array<ArrayBuffer>> {
  using arena = new Arena();
  await begin(session, "C_DecryptInit", arena, operation);
  return await finish(session, "C_Decrypt", operation);
}

type Digesting = Omit<KeyedOperation, "key"> & OutputLimit;

export async function digest(
  session: Session,
  operation: Digesting,
): Promise<Uint8Array<ArrayBuffer>> {
  const { mechanism } = operation;
  using arena = new Arena();
  const laid = layMechanism(arena, mechanism);
  const result = await session.paced(
    { functionName: "C_DigestInit", mechanism: mechanism.type, length: 0 },
    (calls) => calls.C_DigestInit(session.handle, laid),
  );
  check("C_DigestInit", result);
  session.isClean = false;
  return await finish(session, "C_Digest", operation);
}

/** @param bytes Filled with random ones. */
export async function fillRandom(
  session: Session,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const result = await session.paced(
    { functionName: "C_GenerateRandom", mechanism: 0, length: bytes.length },
    (calls) => calls.C_GenerateRandom(session.handle, bytes, BigInt(bytes.length)),
  );
  check("C_GenerateRandom", result);
}

async function begin(
  session: Session,
  init: "C_SignInit" | "C_VerifyInit" | "C_EncryptInit" | "C_DecryptInit",
  arena: Arena,
  { mechanism, key }: KeyedOperation,
): Promise<void> {
  const laid = layMechanism(arena, mechanism);
  const result = await session.paced(
    { functionName: init, mechanism: mechanism.type, length: 0 },
    (calls) => calls[init](session.handle, laid, key),
  );
  session.isClean = result !== 0n && result !== BigInt(CKR.OPERATION_ACTIVE);
  check(init, result);
}

async function finish(
  session: Session,
  functionName: "C_Sign" | "C_Encrypt" | "C_Decrypt" | "C_Digest",
  { mechanism, data, most }: Digesting,
): Promise<Uint8Array<ArrayBuffer>> {
  const output = new Uint8Array(most);
  const length = new BigUint64Array([BigInt(most)]);
  const result = await session.paced(
    { functionName, mechanism: mechanism.type, length: data.length },
    (calls) =>
      calls[functionName](
        session.handle,
        asBuffer(data),
        BigInt(data.length),
        asBuffer(output),
        length,
      ),
  );
  end(session, result);
  if (result !== 0n) output.fill(0); // it may hold plaintext that failed a check
  check(functionName, result);
  const found = length[0] ?? 0n;
  if (found > BigInt(most)) {
    output.fill(0);
    throw new Pkcs11AnswerError(functionName, `${found} bytes`, `${most} at most`);
  }
  output.fill(0, Number(found)); // nobody zeroes what a module left behind its answer
  return output.subarray(0, Number(found));
}

/**
 * Whatever a call returns ends its operation, but for a buffer that is too small (section 5.2). Not every module
 * knows, so only what it says of a signature is believed.
 */
function end(session: Session, result: bigint): void {
  const code = Number(result);
  session.isClean = code === CKR.OK || code === CKR.SIGNATURE_INVALID ||
    code === CKR.SIGNATURE_LEN_RANGE;
}
