/** What may be asked to be attested, from the command line. */
const LAST_REGISTER = 23;
const MOST_NONCE = 32;

/** `0-7,11`: ascending, each once. @throws {RangeError} Saying what is wanted. */
export function parseRegisters(text: string): readonly number[] {
  const registers = new Set<number>();
  for (const part of text.split(",")) {
    const [, from, to = from] = /^([0-9]{1,2})(?:-([0-9]{1,2}))?$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (!(first <= last && last <= LAST_REGISTER)) {
      throw new RangeError(`numbers from 0 to ${LAST_REGISTER} wanted, as in 0-7 or 0,2,7`);
    }
    for (let register = first; register <= last; register++) registers.add(register);
  }
  return [...registers].sort((a, b) => a - b);
}

/** @throws {RangeError} Saying what is wanted. */
export function parseNonce(text: string): Uint8Array {
  if (/^([0-9a-fA-F]{2})+$/.test(text) && text.length <= 2 * MOST_NONCE) {
    return Uint8Array.fromHex(text);
  }
  throw new RangeError(`1 to ${MOST_NONCE} bytes in hexadecimal wanted`);
}
