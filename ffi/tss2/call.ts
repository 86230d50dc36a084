/** What every command has in common: the memory of one call, structs that go in, structs that come out. */
import { Arena } from "../runtime/arena.ts";
import type { EsysContext } from "./esys_context.ts";
import { check, type Tss2Library } from "./library.ts";
import { type InName, lay, type OutName, OutPointer } from "./marshalling.ts";
import type { MuType } from "./types.ts";
import { WireWriter } from "./wire_writer.ts";

export class Call implements Disposable {
  readonly esys: Tss2Library["esys"];
  readonly context: Deno.PointerObject;
  readonly #library: Tss2Library;
  readonly #arena = new Arena();

  constructor({ library, pointer }: EsysContext) {
    this.esys = library.esys;
    this.context = pointer;
    this.#library = library;
  }

  /** A C struct from its wire form; it lives, and is wiped, with the call. */
  in(type: MuType<InName>, wire: Uint8Array): Uint8Array<ArrayBuffer> {
    return lay(this.#library, this.#arena, type, wire);
  }

  /** A TPM2B that holds these bytes. */
  sized(type: MuType<InName>, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const wire = new WireWriter(2 + bytes.length).sized(bytes).finish();
    try {
      return this.in(type, wire);
    } finally {
      wire.fill(0);
    }
  }

  /** Room for a struct that the library allocates. */
  out(type: MuType<OutName>): OutPointer {
    return new OutPointer(this.#library, type);
  }

  check(functionName: string, code: number): void {
    check(functionName, code);
  }

  [Symbol.dispose](): void {
    this.#arena[Symbol.dispose]();
  }
}
