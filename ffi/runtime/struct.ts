/**
 * C structs as data: one typed line a field gives size, offsets, reader, writer and the type of the value.
 *
 * The rules are those of the System V ABI on the machines we ship (x86_64 and aarch64 Linux, both LP64 and
 * little-endian): a field sits at the next multiple of its alignment, the whole is rounded up to the largest
 * alignment, a packed struct has no gaps. `tests/layout/` compares the results with what a C compiler says.
 *
 * ```ts
 * const TIMESPEC = struct("timespec", { tv_sec: I64, tv_nsec: I64 });
 * const bytes = TIMESPEC.encode({ tv_sec: 1n, tv_nsec: 500n });
 * TIMESPEC.decode(bytes).tv_nsec; // 500n
 * ```
 */

/** How one kind of field is laid out, read and written. */
export interface FieldType<T> {
  /** bytes */
  readonly size: number;
  /** bytes */
  readonly align: number;
  read(view: DataView, offset: number): T;
  write(view: DataView, offset: number, value: T): void;
}

type Fields = Readonly<Record<string, FieldType<unknown>>>;
type ValueOf<F> = F extends FieldType<infer T> ? T : never;

/** What a struct with these fields holds. */
export type StructValue<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** A struct; it is a field type too, so that structs nest. */
export interface Struct<F extends Fields> extends FieldType<StructValue<F>> {
  readonly name: string;
  readonly fields: F;
  /** bytes from the start of the struct */
  readonly offsets: { readonly [K in keyof F]: number };
  /** Fresh bytes of exactly the struct's size; gaps are zero. */
  encode(value: StructValue<F>): Uint8Array<ArrayBuffer>;
  /** @throws {RangeError} If there are fewer bytes than the struct has. */
  decode(bytes: Uint8Array): StructValue<F>;
}

const LITTLE = true;

function integer(
  name: string,
  size: number,
  range: readonly [min: number, max: number],
  read: (view: DataView, offset: number) => number,
  write: (view: DataView, offset: number, value: number) => void,
): FieldType<number> {
  const [min, max] = range;
  return {
    size,
    align: size,
    read,
    write(view, offset, value) {
      if (!Number.isInteger(value) || value < min || value > max) {
        throw new RangeError(`Cannot write a ${name}: ${value}, wanted ${min} to ${max}`);
      }
      write(view, offset, value);
    },
  };
}

export const U8: FieldType<number> = integer(
  "u8",
  1,
  [0, 0xff],
  (view, offset) => view.getUint8(offset),
  (view, offset, value) => view.setUint8(offset, value),
);

export const U16: FieldType<number> = integer(
  "u16",
  2,
  [0, 0xffff],
  (view, offset) => view.getUint16(offset, LITTLE),
  (view, offset, value) => view.setUint16(offset, value, LITTLE),
);

export const U32: FieldType<number> = integer(
  "u32",
  4,
  [0, 0xffff_ffff],
  (view, offset) => view.getUint32(offset, LITTLE),
  (view, offset, value) => view.setUint32(offset, value, LITTLE),
);

export const I32: FieldType<number> = integer(
  "i32",
  4,
  [-0x8000_0000, 0x7fff_ffff],
  (view, offset) => view.getInt32(offset, LITTLE),
  (view, offset, value) => view.setInt32(offset, value, LITTLE),
);

/** Eight bytes, unsigned; also `size_t` and `unsigned long`. */
export const U64: FieldType<bigint> = {
  size: 8,
  align: 8,
  read: (view, offset) => view.getBigUint64(offset, LITTLE),
  write(view, offset, value) {
    if (BigInt.asUintN(64, value) !== value) {
      throw new RangeError(`Cannot write a u64: ${value}, wanted 0 to 2^64 - 1`);
    }
    view.setBigUint64(offset, value, LITTLE);
  },
};

/** Eight bytes, signed; also `ssize_t`, `long` and `time_t`. */
export const I64: FieldType<bigint> = {
  size: 8,
  align: 8,
  read: (view, offset) => view.getBigInt64(offset, LITTLE),
  write(view, offset, value) {
    if (BigInt.asIntN(64, value) !== value) {
      throw new RangeError(`Cannot write an i64: ${value}, wanted -2^63 to 2^63 - 1`);
    }
    view.setBigInt64(offset, value, LITTLE);
  },
};

/** An address. It keeps nothing alive: what it points at must be held elsewhere (an arena) for as long. */
export const POINTER: FieldType<Deno.PointerValue> = {
  size: 8,
  align: 8,
  read: (view, offset) => Deno.UnsafePointer.create(view.getBigUint64(offset, LITTLE)),
  write(view, offset, value) {
    view.setBigUint64(offset, value === null ? 0n : Deno.UnsafePointer.value(value), LITTLE);
  },
};

/** `char name[length]`: read as a copy; a shorter value is filled up with zeros. */
export function bytes(length: number): FieldType<Uint8Array> {
  return {
    size: length,
    align: 1,
    read: (view, offset) => new Uint8Array(view.buffer, view.byteOffset + offset, length).slice(),
    write(view, offset, value) {
      if (value.length > length) {
        throw new RangeError(`Cannot write ${value.length} bytes: wanted at most ${length}`);
      }
      const field = new Uint8Array(view.buffer, view.byteOffset + offset, length);
      field.fill(0);
      field.set(value);
    },
  };
}

/** `element name[length]` */
export function array<T>(element: FieldType<T>, length: number): FieldType<readonly T[]> {
  return {
    size: element.size * length,
    align: element.align,
    read: (view, offset) =>
      Array.from({ length }, (_, i) => element.read(view, offset + i * element.size)),
    write(view, offset, value) {
      if (value.length !== length) {
        throw new RangeError(`Cannot write ${value.length} elements: wanted ${length}`);
      }
      value.forEach((item, i) => element.write(view, offset + i * element.size, item));
    },
  };
}

/**
 * Lays out a struct.
 *
 * @param name As in the header, for messages and for the layout test.
 * @param options.packed `__attribute__((packed))`: no gaps.
 */
export function struct<F extends Fields>(
  name: string,
  fields: F,
  options: { readonly packed?: boolean } = {},
): Struct<F> {
  const packed = options.packed ?? false;
  const entries: [key: string, type: FieldType<unknown>, offset: number][] = [];
  let end = 0;
  let align = 1;
  for (const [key, type] of Object.entries(fields)) {
    const offset = packed ? end : roundUp(end, type.align);
    entries.push([key, type, offset]);
    end = offset + type.size;
    if (!packed) align = Math.max(align, type.align);
  }
  const size = roundUp(end, align);

  const read = (view: DataView, start: number): StructValue<F> =>
    // Every key of F has its entry above, read by its own type.
    Object.fromEntries(
      entries.map(([key, type, offset]) => [key, type.read(view, start + offset)]),
    ) as StructValue<F>;
  const write = (view: DataView, start: number, value: StructValue<F>): void => {
    for (const [key, type, offset] of entries) type.write(view, start + offset, value[key]);
  };

  return {
    name,
    fields,
    offsets: Object.fromEntries(entries.map(([key, , offset]) => [key, offset])) as {
      readonly [K in keyof F]: number;
    },
    size,
    align,
    read,
    write,
    encode(value) {
      const encoded = new Uint8Array(size);
      write(new DataView(encoded.buffer), 0, value);
      return encoded;
    },
    decode(encoded) {
      if (encoded.length < size) {
        throw new RangeError(`Cannot decode ${name}: ${encoded.length} bytes, wanted ${size}`);
      }
      return read(new DataView(encoded.buffer, encoded.byteOffset, size), 0);
    },
  };
}

function roundUp(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}
