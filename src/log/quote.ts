/**
 * Text that somebody else chose (a key's name, a value of the configuration, a library's message), made safe
 * to show on a terminal and in a log: it stays on its line and moves no cursor.
 */

/** Controls, formatting (bidirectional overrides too), private and unassigned code points, line separators. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A JSON string literal in which every character is printable. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(UNSAFE, escapeUnits);
}

/** The same without the quotation marks, for text that stands on its own. */
export function escapeText(text: string): string {
  return quote(text).slice(1, -1);
}

/** The first `limit` UTF-16 units of a text, and how many were left out. */
export function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…(+${text.length - limit})`;
}

function escapeUnits(character: string): string {
  let escaped = "";
  for (let i = 0; i < character.length; i++) {
    escaped += "\\u" + character.charCodeAt(i).toString(16).padStart(4, "0");
  }
  return escaped;
}
