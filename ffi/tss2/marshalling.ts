/**
 * From the TPM's wire form to the C structs of ESYS and back, by the library's own MU functions: a length or a
 * selector that does not fit is an error there, not memory written past its end.
 */
import type { Arena } from "../runtime/arena.ts";
import { asBuffer } from "../runtime/buffer.ts";
import { check, type Tss2Library } from "./library.ts";
import type { MU } from "./mu_symbols.ts";
import type { MuType } from "./types.ts";
import { WireReader } from "./wire_reader.ts";

type NamesEnding<Suffix extends string> = keyof typeof MU extends infer K
  ? K extends `Tss2_MU_${infer N}_${Suffix}` ? N : never
  : never;
/** Types that can be passed in, and types that come out. */
export type InName = NamesEnding<"Unmarshal">;
export type OutName = NamesEnding<"Marshal">;

/**
 * Lays a C struct in the arena.
 *
 * @param wire The whole wire form, and nothing after it.
 * @throws {Tss2Error} If it is not one.
 */
export function lay(
  { mu }: Tss2Library,
  arena: Arena,
  { name, size }: MuType<InName>,
  wire: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const struct = arena.alloc(size);
  const offset = new BigUint64Array(1);
  const functionName = `Tss2_MU_${name}_Unmarshal` as const;
  check(functionName, mu[functionName](asBuffer(wire), BigInt(wire.length), offset, struct));
  if (offset[0] !== BigInt(wire.length)) {
    throw new RangeError(`Cannot make a ${name}: ${wire.length} bytes, wanted ${offset[0]}`);
  }
  return struct;
}

/** Where ESYS puts the address of a struct that it allocates. */
export class OutPointer {
  readonly cell = new BigUint64Array(1);
  readonly #library: Tss2Library;
  readonly #type: MuType<OutName>;

  constructor(library: Tss2Library, type: MuType<OutName>) {
    this.#library = library;
    this.#type = type;
  }

  /** As {@linkcode take}, for a TPM2B: its contents alone. */
  takeSized(): Uint8Array<ArrayBuffer> {
    const wire = this.take();
    const bytes = new WireReader(wire).sized();
    wire.fill(0);
    return bytes;
  }

  /** The wire form of the struct, which is wiped and freed: to be called once, after a call that succeeded. */
  take(): Uint8Array<ArrayBuffer> {
    const { esys, mu } = this.#library;
    const { name, size } = this.#type;
    const pointer = Deno.UnsafePointer.create(this.cell[0] ?? 0n);
    if (pointer === null) throw new TypeError(`Cannot take a ${name}: the library gave none`);
    const wire = new Uint8Array(size);
    try {
      const offset = new BigUint64Array(1);
      const functionName = `Tss2_MU_${name}_Marshal` as const;
      check(functionName, mu[functionName](pointer, wire, BigInt(size), offset));
      return wire.slice(0, Number(offset[0]));
    } finally {
      wire.fill(0);
      new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, size)).fill(0);
      esys.Esys_Free(pointer);
    }
  }
}
