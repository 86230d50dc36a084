/** What the key info manager holds of one key, in memory as on the disk. */
import type { KeyIdentity, KeyRecord } from "./key_info_manager.ts";

export const KEY_STATES = ["creating", "ready", "destroying"] as const;
export type KeyState = typeof KEY_STATES[number];

export function isKeyState(text: unknown): text is KeyState {
  return (KEY_STATES as readonly unknown[]).includes(text);
}

export interface KeyEntry {
  /** The row on the disk; grows with the order of creation. */
  readonly rowId: number;
  readonly state: KeyState;
  readonly record: KeyRecord;
}

/** A row whose names can be read and the rest can't: nobody can use the key, and nobody its name. */
export interface UnreadableEntry {
  readonly state: "unreadable";
  readonly record: { readonly identity: KeyIdentity };
}

export type Entry = KeyEntry | UnreadableEntry;
