/**
 * GCM and CCM with Camellia (RFC 6367): EVP has none, so they are made of libcrypto's block cipher and its modes
 * for any block cipher (<openssl/camellia.h>, <openssl/modes.h>).
 */
import { Arena } from "../runtime/arena.ts";
import { asBuffer } from "../runtime/buffer.ts";
import { Handle } from "../runtime/handle.ts";
import { type Aead, type AeadParameters, splitSealed } from "./aead.ts";
import type { CipherContext, CipherWork, Direction } from "./cipher.ts";
import { equalConstantTime } from "./compare.ts";
import { OpensslError } from "./errors.ts";
import type { Libcrypto } from "./library.ts";

/** Room for a CAMELLIA_KEY, bytes. */
const KEY_SCHEDULE_LENGTH = 512;
/** Room for a CCM128_CONTEXT, which no header shows; 56 bytes in OpenSSL 3.0 to 3.5. */
const CCM_CONTEXT_LENGTH = 256;

/** A mode with its key, nonce and lengths in place. All calls return what libcrypto does: 0 is success. */
interface Mode {
  authenticate(data: Uint8Array): void;
  authenticateElsewhere(data: Uint8Array): Promise<void>;
  process(input: Uint8Array, output: Uint8Array<ArrayBuffer>): number;
  processElsewhere(input: Uint8Array, output: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Fills `tag`. */
  writeTag(tag: Uint8Array<ArrayBuffer>): void;
}

/** Sets up a mode; what it needs lives in the arena and the stack. */
type OpenMode = (parts: {
  readonly arena: Arena;
  readonly stack: DisposableStack;
  readonly schedule: Uint8Array<ArrayBuffer>;
  readonly parameters: AeadParameters;
  readonly direction: Direction;
  /** Of the message, bytes. */
  readonly length: number;
}) => Mode;

type ScheduleKey = (key: Uint8Array, schedule: Uint8Array<ArrayBuffer>) => void;

export class CamelliaAead implements Aead {
  readonly #library: Libcrypto;
  readonly #scheduleKey: ScheduleKey;
  readonly #openMode: OpenMode;

  private constructor(library: Libcrypto, scheduleKey: ScheduleKey, openMode: OpenMode) {
    this.#library = library;
    this.#scheduleKey = scheduleKey;
    this.#openMode = openMode;
  }

  /** @returns `undefined` where this libcrypto is without Camellia. */
  static open(library: Libcrypto, mode: "gcm" | "ccm"): CamelliaAead | undefined {
    const { Camellia_set_key, camelliaBlock } = library.c;
    if (Camellia_set_key === null || camelliaBlock === null) return undefined;
    const scheduleKey: ScheduleKey = (key, schedule) => {
      if (Camellia_set_key(asBuffer(key), key.length * 8, schedule) === 0) return;
      throw new OpensslError("Camellia_set_key", 0, `a key of ${key.length} bytes`);
    };
    const open = mode === "gcm" ? gcm(library, camelliaBlock) : ccm(library, camelliaBlock);
    return new CamelliaAead(library, scheduleKey, open);
  }

  encrypt(
    _context: CipherContext,
    parameters: AeadParameters,
    plaintext: Uint8Array,
  ): CipherWork<Uint8Array<ArrayBuffer>> {
    const sealed = new Uint8Array(plaintext.length + parameters.tagLength);
    return this.#work(parameters, "encrypt", plaintext, sealed, (mode) => {
      mode.writeTag(sealed.subarray(plaintext.length));
      return sealed;
    });
  }

  decrypt(
    _context: CipherContext,
    parameters: AeadParameters,
    sealed: Uint8Array,
  ): CipherWork<Uint8Array<ArrayBuffer> | undefined> {
    const { ciphertext, tag } = splitSealed(sealed, parameters.tagLength);
    const plaintext = new Uint8Array(ciphertext.length);
    return this.#work(parameters, "decrypt", ciphertext, plaintext, (mode) => {
      const found = new Uint8Array(tag.length);
      mode.writeTag(found);
      if (equalConstantTime(this.#library, found, tag)) return plaintext;
      plaintext.fill(0);
      return undefined;
    });
  }

  /** Owns nothing native. */
  [Symbol.dispose](): void {}

  #work<T>(
    parameters: AeadParameters,
    direction: Direction,
    input: Uint8Array,
    output: Uint8Array<ArrayBuffer>,
    end: (mode: Mode) => T,
  ): CipherWork<T> {
    using stack = new DisposableStack();
    const arena = stack.use(new Arena());
    const schedule = arena.alloc(KEY_SCHEDULE_LENGTH);
    this.#scheduleKey(parameters.key, schedule);
    const { length } = input;
    const mode = this.#openMode({ arena, stack, schedule, parameters, direction, length });
    const { additionalData } = parameters;
    const owned = stack.move();
    return {
      now() {
        if (additionalData.length > 0) mode.authenticate(additionalData);
        requireSuccess(mode.process(input, output));
        return end(mode);
      },
      async elsewhere() {
        if (additionalData.length > 0) await mode.authenticateElsewhere(additionalData);
        requireSuccess(await mode.processElsewhere(input, output));
        return end(mode);
      },
      [Symbol.dispose]: () => owned.dispose(),
    };
  }
}

function gcm(library: Libcrypto, block: Deno.PointerObject): OpenMode {
  const { c } = library;
  return ({ stack, schedule, parameters: { nonce }, direction }) => {
    const made = library.checkPointer("CRYPTO_gcm128_new", c.CRYPTO_gcm128_new(schedule, block));
    const { pointer } = stack.use(new Handle("GCM128_CONTEXT", made, c.CRYPTO_gcm128_release));
    c.CRYPTO_gcm128_setiv(pointer, asBuffer(nonce), BigInt(nonce.length));
    const [process, processElsewhere] = direction === "encrypt"
      ? [c.CRYPTO_gcm128_encrypt, c.gcmEncryptElsewhere]
      : [c.CRYPTO_gcm128_decrypt, c.gcmDecryptElsewhere];
    const authenticate = (data: Uint8Array) =>
      requireSuccess(c.CRYPTO_gcm128_aad(pointer, asBuffer(data), BigInt(data.length)));
    return {
      authenticate,
      // No block cipher is in it, and so it is quick.
      authenticateElsewhere: (data) => Promise.resolve(authenticate(data)),
      process: (input, output) =>
        process(pointer, asBuffer(input), asBuffer(output), BigInt(input.length)),
      processElsewhere: (input, output) =>
        processElsewhere(pointer, asBuffer(input), asBuffer(output), BigInt(input.length)),
      writeTag: (tag) => c.CRYPTO_gcm128_tag(pointer, tag, BigInt(tag.length)),
    };
  };
}

function ccm({ c }: Libcrypto, block: Deno.PointerObject): OpenMode {
  return ({ arena, schedule, parameters: { nonce, tagLength }, direction, length }) => {
    const context = arena.alloc(CCM_CONTEXT_LENGTH);
    const pointer = Deno.UnsafePointer.of(context);
    c.CRYPTO_ccm128_init(context, tagLength, 15 - nonce.length, schedule, block);
    const nonceLength = BigInt(nonce.length);
    requireSuccess(
      c.CRYPTO_ccm128_setiv(pointer, asBuffer(nonce), nonceLength, BigInt(length)),
    );
    const [process, processElsewhere] = direction === "encrypt"
      ? [c.CRYPTO_ccm128_encrypt, c.ccmEncryptElsewhere]
      : [c.CRYPTO_ccm128_decrypt, c.ccmDecryptElsewhere];
    return {
      authenticate: (data) => c.CRYPTO_ccm128_aad(pointer, asBuffer(data), BigInt(data.length)),
      authenticateElsewhere: (data) =>
        c.ccmAuthenticateElsewhere(pointer, asBuffer(data), BigInt(data.length)),
      process: (input, output) =>
        process(pointer, asBuffer(input), asBuffer(output), BigInt(input.length)),
      processElsewhere: (input, output) =>
        processElsewhere(pointer, asBuffer(input), asBuffer(output), BigInt(input.length)),
      writeTag(tag) {
        const written = Number(c.CRYPTO_ccm128_tag(pointer, tag, BigInt(tag.length)));
        if (written === tag.length) return;
        throw new RangeError(`Cannot make a tag: found ${written} bytes, wanted ${tag.length}`);
      },
    };
  };
}

/** Lengths that the mode does not take: the caller has checked them. */
function requireSuccess(result: number): void {
  if (result !== 0) throw new RangeError(`Cannot use Camellia: libcrypto returned ${result}`);
}
