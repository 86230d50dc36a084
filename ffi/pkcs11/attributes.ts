/** Attributes of objects: templates that C reads, values that C fills in. */
import { addressOf, type Arena } from "../runtime/arena.ts";
import { Pkcs11AnswerError } from "./errors.ts";
import { CK_ATTRIBUTE } from "./types.ts";

/** bytes as they are; a CK_BBOOL; a CK_ULONG; an array of CK_ULONG (mechanisms) */
export type AttributeValue = Uint8Array | boolean | number | readonly number[];

export interface Attribute {
  /** CKA_* */
  readonly type: number;
  readonly value: AttributeValue;
}

/** Longest value that is read, bytes: far above any key's. */
const MAX_VALUE_LENGTH = 1 << 20;

/** An array of CK_ATTRIBUTE, with all it points at. */
export interface Template {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly count: bigint;
}

export function layTemplate(arena: Arena, attributes: readonly Attribute[]): Template {
  return layAttributes(
    arena,
    attributes.map(({ type, value }) => ({ type, memory: layValue(arena, value) })),
  );
}

interface Slot {
  readonly type: number;
  /** Where the value is, or goes; absent to ask for its length only. */
  readonly memory: Uint8Array | undefined;
}

function layAttributes(arena: Arena, slots: readonly Slot[]): Template {
  const bytes = arena.alloc(slots.length * CK_ATTRIBUTE.size);
  const view = new DataView(bytes.buffer);
  slots.forEach(({ type, memory }, i) =>
    CK_ATTRIBUTE.write(view, i * CK_ATTRIBUTE.size, {
      type: BigInt(type),
      pValue: memory === undefined ? null : Deno.UnsafePointer.create(addressOf(memory)),
      ulValueLen: BigInt(memory?.length ?? 0),
    })
  );
  return { bytes, count: BigInt(slots.length) };
}

function layValue(arena: Arena, value: AttributeValue): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array) return arena.copy(value);
  if (typeof value === "boolean") return arena.copy(Uint8Array.of(value ? 1 : 0));
  const numbers = typeof value === "number" ? [value] : value;
  return arena.copy(new Uint8Array(BigUint64Array.from(numbers, BigInt).buffer));
}

/** The values of some attributes of an object; what the token won't tell or lacks is not there. */
export type AttributeValues = ReadonlyMap<number, Uint8Array<ArrayBuffer>>;

/**
 * Reading attributes takes two calls of C_GetAttributeValue: one for the lengths, one for the values. In both a
 * module marks what it can't give with a length of CK_UNAVAILABLE_INFORMATION.
 */
export class AttributeRequest {
  readonly #arena: Arena;
  readonly #types: readonly number[];
  #memory: readonly (Uint8Array<ArrayBuffer> | undefined)[];
  #template: Template;

  constructor(arena: Arena, types: readonly number[]) {
    this.#arena = arena;
    this.#types = types;
    this.#memory = types.map(() => undefined);
    this.#template = layAttributes(arena, this.#slots());
  }

  get template(): Template {
    return this.#template;
  }

  /** After the first call: makes room for the values. Drops those that there are none of. */
  makeRoom(): void {
    this.#memory = this.#lengths().map((length) =>
      length === undefined ? undefined : this.#arena.alloc(length)
    );
    this.#template = layAttributes(this.#arena, this.#slots());
  }

  /** After the second call: copies of the values. */
  values(): AttributeValues {
    const values = new Map<number, Uint8Array<ArrayBuffer>>();
    this.#lengths().forEach((length, i) => {
      const type = this.#types[i];
      const memory = this.#memory[i];
      if (type === undefined || memory === undefined || length === undefined) return;
      if (length > memory.length) throw lengthError(length, memory.length);
      values.set(type, memory.slice(0, length));
    });
    return values;
  }

  #slots(): readonly Slot[] {
    return this.#types.map((type, i) => ({ type, memory: this.#memory[i] }));
  }

  /** The lengths that C has written; `undefined` for CK_UNAVAILABLE_INFORMATION. */
  #lengths(): readonly (number | undefined)[] {
    const { bytes } = this.#template;
    const view = new DataView(bytes.buffer);
    return this.#types.map((_, i) => {
      const { ulValueLen } = CK_ATTRIBUTE.read(view, i * CK_ATTRIBUTE.size);
      // (CK_ULONG) -1, and what a 32-bit module makes of it
      if (ulValueLen >= 0xffff_ffffn) return undefined;
      if (ulValueLen > BigInt(MAX_VALUE_LENGTH)) throw lengthError(ulValueLen, MAX_VALUE_LENGTH);
      return Number(ulValueLen);
    });
  }
}

function lengthError(found: number | bigint, most: number): Pkcs11AnswerError {
  return new Pkcs11AnswerError(
    "C_GetAttributeValue",
    `a value of ${found} bytes`,
    `${most} at most`,
  );
}
