/** PsaGenerateRandom, and random bytes for the provider itself. */
import { createCipheriv } from "node:crypto";
import { Secret } from "../../ffi/runtime/secret.ts";
import { getRandom } from "../../ffi/tss2/mod.ts";
import type { Primitives } from "../../src/provider.ts";
import { type Engine, KEYLESS_LANE } from "./engine.ts";
import { invalidArgument } from "./refusals.ts";
import type { Tpm } from "./tpm.ts";

/** Far above any limit of an answer, bytes. */
const MOST = 64 * 1024 * 1024;
/** From here on, masking is quicker than encrypting each command's answer, which takes milliseconds. */
const MASKED_FROM = 256;
const MASK_KEY_LENGTH = 32;

export function randomPrimitives({ connection }: Engine): Pick<Primitives, "PsaGenerateRandom"> {
  const draw = async (length: number, some: SomeRandom) => {
    const random = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      // A turn each: a long answer does not keep others waiting.
      const chunk = await connection.run(KEYLESS_LANE, (tpm) => some(tpm, length - at));
      random.set(chunk, at);
      at += chunk.length;
      chunk.fill(0);
    }
    return random;
  };
  return {
    async PsaGenerateRandom({ size }) {
      if (size > MOST) {
        throw invalidArgument(`Cannot generate ${size} bytes: wanted at most ${MOST}`);
      }
      if (size < MASKED_FROM) return { randomBytes: await draw(size, someRandom) };
      using key = new Secret(await draw(MASK_KEY_LENGTH, someRandom));
      return { randomBytes: masked(await draw(size, someOpenRandom), key.expose()) };
    },
  };
}

type SomeRandom = (tpm: Tpm, length: number) => Promise<Uint8Array<ArrayBuffer>>;

/** As many as asked for, in one turn. */
export async function randomFrom(tpm: Tpm, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const random = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const chunk = await someRandom(tpm, length - at);
    random.set(chunk, at);
    at += chunk.length;
    chunk.fill(0);
  }
  return random;
}

/** What the TPM gives at once, at least a byte; encrypted on its way. */
async function someRandom(tpm: Tpm, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const asked = Math.min(length, tpm.capabilities.maxDigest);
  return checked(
    await tpm.secured((context, session) => getRandom(context, [session], asked)),
    asked,
  );
}

/** As {@linkcode someRandom}, but on its way for everybody to see; for bytes that are masked then. */
async function someOpenRandom(tpm: Tpm, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const asked = Math.min(length, tpm.capabilities.maxDigest);
  return checked(await tpm.plain((context) => getRandom(context, [], asked)), asked);
}

/** The random bytes, encrypted in place under a key that only the TPM and we know: nobody else can tell them. */
function masked(random: Uint8Array<ArrayBuffer>, key: Uint8Array): Uint8Array<ArrayBuffer> {
  const cipher = createCipheriv("aes-256-ctr", key, new Uint8Array(16));
  const bytes = new Uint8Array(cipher.update(random));
  cipher.final();
  random.fill(0);
  return bytes;
}

function checked(chunk: Uint8Array<ArrayBuffer>, asked: number): Uint8Array<ArrayBuffer> {
  if (chunk.length > 0 && chunk.length <= asked) return chunk;
  throw new RangeError(
    `Cannot use random bytes: the TPM gave ${chunk.length}, wanted 1 to ${asked}`,
  );
}
