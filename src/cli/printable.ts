/**
 * Names that other people chose, made fit for a terminal and for one line: key names and application names are
 * any UTF-8, escape sequences and line ends included.
 */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Control and direction-changing characters as `\u{1b}`; all else as it is. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
