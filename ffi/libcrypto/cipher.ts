/** Ciphers (EVP_EncryptInit(3)), fetched once, and the context in which they work. */
import { asBuffer } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import type { Libcrypto } from "./library.ts";
import { EVP_CIPH_CCM_MODE } from "./types.ts";

export class Cipher implements Disposable {
  readonly #handle: Handle;
  /** bytes */
  readonly keyLength: number;
  /** bytes; 0 for ECB */
  readonly ivLength: number;
  /** bytes; 1 for what works like a stream */
  readonly blockLength: number;
  /** CCM must know all lengths before it starts. */
  readonly isCcm: boolean;

  private constructor({ c }: Libcrypto, pointer: Deno.PointerObject) {
    this.#handle = new Handle("EVP_CIPHER", pointer, c.EVP_CIPHER_free);
    this.keyLength = c.EVP_CIPHER_get_key_length(pointer);
    this.ivLength = c.EVP_CIPHER_get_iv_length(pointer);
    this.blockLength = c.EVP_CIPHER_get_block_size(pointer);
    this.isCcm = c.EVP_CIPHER_get_mode(pointer) === EVP_CIPH_CCM_MODE;
  }

  /** @returns `undefined` where this libcrypto has no such cipher. */
  static fetch(library: Libcrypto, name: string): Cipher | undefined {
    const pointer = library.c.EVP_CIPHER_fetch(library.context, encodeCString(name), null);
    if (pointer !== null) return new Cipher(library, pointer);
    library.clearErrors();
    return undefined;
  }

  get pointer(): Deno.PointerObject {
    return this.#handle.pointer;
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
  }
}

export type Direction = "encrypt" | "decrypt";

/**
 * A message that is set up, its key in place: processed once, here or on another thread. Disposal wipes what is
 * left of it.
 */
export interface CipherWork<T> extends Disposable {
  now(): T;
  /** Input and output must not change until it is done. */
  elsewhere(): Promise<T>;
}

/** A context for one message after the other. */
export class CipherContext implements Disposable {
  readonly #library: Libcrypto;
  readonly #handle: Handle;
  readonly #written = new Int32Array(1);

  constructor(library: Libcrypto) {
    const pointer = library.checkPointer("EVP_CIPHER_CTX_new", library.c.EVP_CIPHER_CTX_new());
    this.#library = library;
    this.#handle = new Handle("EVP_CIPHER_CTX", pointer, library.c.EVP_CIPHER_CTX_free);
  }

  /**
   * Chooses the cipher, its key and its IV: all at once takes half as long as one after the other.
   *
   * @param iv As long as the cipher's.
   */
  begin(cipher: Cipher, key: Uint8Array, iv: Uint8Array, direction: Direction): void {
    this.#init(cipher.pointer, asBuffer(key), iv.length === 0 ? null : asBuffer(iv), direction);
  }

  /** Chooses the cipher; lengths, then key and IV follow. */
  choose(cipher: Cipher, direction: Direction): void {
    this.#init(cipher.pointer, null, null, direction);
  }

  /** @param iv Empty where the cipher has none. */
  start(key: Uint8Array, iv: Uint8Array, direction: Direction): void {
    this.#init(null, asBuffer(key), iv.length === 0 ? null : asBuffer(iv), direction);
  }

  /** EVP_CIPHER_CTX_ctrl: lengths and tags of AEAD; `data` is read or written as the command says. */
  control(command: number, length: number, data: Uint8Array<ArrayBuffer> | null): void {
    const { c } = this.#library;
    const done = c.EVP_CIPHER_CTX_ctrl(this.#handle.pointer, command, length, data);
    this.#check("EVP_CIPHER_CTX_ctrl", done);
  }

  /** @param length Of the key that follows, bytes. @throws {OpensslError} If the cipher takes one length alone. */
  setKeyLength(length: number): void {
    const { c } = this.#library;
    const done = c.EVP_CIPHER_CTX_set_key_length(this.#handle.pointer, length);
    this.#check("EVP_CIPHER_CTX_set_key_length", done);
  }

  /** The message is of whole blocks; otherwise, PKCS#7 makes it so. */
  omitPadding(): void {
    this.#library.c.EVP_CIPHER_CTX_set_padding(this.#handle.pointer, 0);
  }

  /** Says how long the whole message will be; for CCM. */
  announce(length: number): void {
    const { c } = this.#library;
    const done = c.EVP_CipherUpdate(this.#handle.pointer, null, this.#written, null, length);
    this.#check("EVP_CipherUpdate", done);
  }

  /**
   * The work of a message that has been started.
   *
   * @param additionalData Authenticated first; empty outside of AEAD.
   * @param output Has room for all that comes out.
   * @param end Makes the result of how many bytes came out, `undefined` if the library refused the message.
   */
  work<T>(
    additionalData: Uint8Array,
    input: Uint8Array,
    output: Uint8Array<ArrayBuffer>,
    end: (written: number | undefined) => T,
  ): CipherWork<T> {
    return new ContextWork(
      this.#library,
      this.#handle.pointer,
      this.#written,
      { additionalData, input, output },
      end,
    );
  }

  /** Ends the message; returns how many more bytes came out, `undefined` if tag or padding is wrong. */
  finish(output: Uint8Array<ArrayBuffer>): number | undefined {
    const { c } = this.#library;
    const done = c.EVP_CipherFinal_ex(this.#handle.pointer, asBuffer(output), this.#written);
    return resultOf(this.#library, done === 1, this.#written);
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
  }

  #init(
    cipher: Deno.PointerValue,
    key: Uint8Array<ArrayBuffer> | null,
    iv: Uint8Array<ArrayBuffer> | null,
    direction: Direction,
  ): void {
    const { c } = this.#library;
    const encrypts = direction === "encrypt" ? 1 : 0;
    const done = c.EVP_CipherInit_ex2(this.#handle.pointer, cipher, key, iv, encrypts, null);
    this.#check("EVP_CipherInit_ex2", done);
  }

  /** A message that can't be set up leaves no key behind. */
  #check(functionName: string, done: number): void {
    if (done === 1) return;
    const error = this.#library.error(functionName);
    this.#reset();
    throw error;
  }

  /** Wipes the key and all that came of it. */
  #reset(): void {
    this.#library.c.EVP_CIPHER_CTX_reset(this.#handle.pointer);
  }
}

/** How many bytes came out; `undefined` if the library refused, whose reasons are forgotten. */
function resultOf(library: Libcrypto, done: boolean, written: Int32Array): number | undefined {
  if (done) return written[0];
  library.clearErrors();
  return undefined;
}

interface Message {
  readonly additionalData: Uint8Array;
  readonly input: Uint8Array;
  readonly output: Uint8Array<ArrayBuffer>;
}

/** A class: an object with a computed name like Symbol.dispose in it takes 150 ns to make. */
class ContextWork<T> implements CipherWork<T> {
  readonly #library: Libcrypto;
  readonly #context: Deno.PointerObject;
  readonly #written: Int32Array<ArrayBuffer>;
  readonly #message: Message;
  readonly #end: (written: number | undefined) => T;

  constructor(
    library: Libcrypto,
    context: Deno.PointerObject,
    written: Int32Array<ArrayBuffer>,
    message: Message,
    end: (written: number | undefined) => T,
  ) {
    this.#library = library;
    this.#context = context;
    this.#written = written;
    this.#message = message;
    this.#end = end;
  }

  now(): T {
    const { additionalData, input, output } = this.#message;
    const done = (additionalData.length === 0 || this.#update(null, additionalData)) &&
      this.#update(output, input);
    return this.#end(resultOf(this.#library, done, this.#written));
  }

  async elsewhere(): Promise<T> {
    const { additionalData, input, output } = this.#message;
    const done =
      (additionalData.length === 0 || await this.#updateElsewhere(null, additionalData)) &&
      await this.#updateElsewhere(output, input);
    return this.#end(resultOf(this.#library, done, this.#written));
  }

  [Symbol.dispose](): void {
    this.#library.c.EVP_CIPHER_CTX_reset(this.#context);
  }

  /** @param output `null` for what is only authenticated. */
  #update(output: Uint8Array<ArrayBuffer> | null, input: Uint8Array): boolean {
    const { c } = this.#library;
    const to = output && asBuffer(output);
    return c.EVP_CipherUpdate(this.#context, to, this.#written, asBuffer(input), input.length) ===
      1;
  }

  async #updateElsewhere(
    output: Uint8Array<ArrayBuffer> | null,
    input: Uint8Array,
  ): Promise<boolean> {
    const { c } = this.#library;
    const to = output && asBuffer(output);
    const from = asBuffer(input);
    return await c.cipherUpdateElsewhere(this.#context, to, this.#written, from, input.length) ===
      1;
  }
}
