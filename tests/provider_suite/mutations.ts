/** Bytes that are almost the right ones. */
export interface Mutation {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One bit changed at the beginning, in the middle and at the end. */
export function bitFlips(bytes: Uint8Array): readonly Mutation[] {
  const places = new Set([0, bytes.length >> 1, bytes.length - 1]);
  return [...places].filter((place) => place >= 0 && place < bytes.length).map((place) => ({
    name: `bit ${place % 8} of byte ${place} flipped`,
    bytes: bytes.map((byte, i) => i === place ? byte ^ (1 << (place % 8)) : byte),
  }));
}

/** Shorter and longer by a byte at either end, and nothing at all. */
export function otherLengths(bytes: Uint8Array): readonly Mutation[] {
  const all: readonly Mutation[] = [
    { name: "without its first byte", bytes: bytes.slice(1) },
    { name: "without its last byte", bytes: bytes.slice(0, -1) },
    { name: "with a byte before it", bytes: Uint8Array.of(0, ...bytes) },
    { name: "with a byte after it", bytes: Uint8Array.of(...bytes, 0) },
    { name: "empty", bytes: new Uint8Array(0) },
  ];
  return all.filter((each) => each.bytes.length !== bytes.length);
}

export function mutationsOf(bytes: Uint8Array): readonly Mutation[] {
  return [...bitFlips(bytes), ...otherLengths(bytes)];
}
