import { equal } from "node:assert/strict";
import { printable } from "./printable.ts";

const ROWS: readonly (readonly [title: string, given: string, wanted: string])[] = [
  ["leaves letters of all languages and symbols", "schlüssel-鍵 №1 🔑", "schlüssel-鍵 №1 🔑"],
  ["escapes line ends", "a\r\nb\u2028c\u0085d", "a\\u{d}\\u{a}b\\u{2028}c\\u{85}d"],
  ["escapes what drives a terminal", "\u001b]0;x\u0007\u009b2J", "\\u{1b}]0;x\\u{7}\\u{9b}2J"],
  ["escapes what turns the direction of text", "a\u202eb\u2066c", "a\\u{202e}b\\u{2066}c"],
  ["leaves the empty text", "", ""],
];

for (const [title, given, wanted] of ROWS) {
  Deno.test(`printable() ${title}`, () => equal(printable(given), wanted));
}
