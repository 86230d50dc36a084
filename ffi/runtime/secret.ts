/**
 * Bytes that must not be seen and must not stay: key material, PINs, auth values.
 *
 * Zeroed when disposed. Copies that the JavaScript engine or a library made on the way are out of reach.
 */
export class Secret implements Disposable {
  #bytes: Uint8Array<ArrayBuffer> | undefined;

  /** Takes the array over: whoever passes it does not use it again. */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
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
    this.#bytes?.fill(0);
    this.#bytes = undefined;
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
