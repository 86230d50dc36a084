/**
 * Bytes that must not be seen and must not stay: key material, PINs, auth values.
 *
 * Zeroed when disposed. Copies that the JavaScript engine or a library made on the way are out of reach.
 */
export class Secret implements Disposable {
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly #release: (() => void) | undefined;

  /**
   * Takes the array over: whoever passes it does not use it again.
   *
   * @param release Gives back memory that is not the garbage collector's; called once, after zeroing.
   */
  constructor(bytes: Uint8Array<ArrayBuffer>, release?: () => void) {
    this.#bytes = bytes;
    this.#release = release;
  }

  /**
   * The bytes themselves, valid until disposal.
   *
   * @throws {TypeError} If they have been disposed of.
   */
  expose(): Uint8Array<ArrayBuffer> {
    if (this.#bytes === undefined) throw new TypeError("Cannot use a secret: it has been wiped");
    return this.#bytes;
  }

  [Symbol.dispose](): void {
    if (this.#bytes === undefined) return;
    this.#bytes.fill(0);
    this.#bytes = undefined;
    this.#release?.();
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [Symbol.for("Deno.customInspect")](): string {
    return "[secret]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}
