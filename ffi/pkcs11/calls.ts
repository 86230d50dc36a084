/**
 * The functions of a module, ready to be called: at once on this thread, or on another one.
 *
 * A function of the list that the module also exports under its own name is bound by the name, which calls
 * ten times faster; all others by their address. Nothing is bound by name alone: what counts is the list.
 */
import { loadLibrary } from "../runtime/library.ts";
import type { FunctionList } from "./function_list.ts";
import { CKR } from "./return_values.ts";
import { PKCS11 } from "./symbols.ts";

export type FunctionName = keyof typeof PKCS11;
type Symbols = Deno.DynamicLibrary<typeof PKCS11>["symbols"];

/**
 * Every function with its C parameters: CK_ULONG is a BigInt, a buffer stays alive until the call is done. The
 * result is CKR_*, now or later.
 */
export type Calls = {
  readonly [K in FunctionName]: (...args: Parameters<Symbols[K]>) => bigint | Promise<bigint>;
};

export interface BoundCalls {
  /** Blocks this thread until the module has answered. */
  readonly inline: Calls;
  /** On a thread of the runtime's pool. What is passed must not be touched meanwhile. */
  readonly elsewhere: Calls;
}

const NAMES = Object.keys(PKCS11) as readonly FunctionName[];

/** @throws {LibraryError} If the library is gone. */
export function bindCalls(path: string, list: FunctionList): BoundCalls {
  const exported = exportedFunctions(path, list);
  return {
    inline: bindAll(path, list, exported, { nonblocking: false }),
    elsewhere: bindAll(path, list, exported, { nonblocking: true }),
  };
}

/** The functions that the module exports under the name they have in the list. */
function exportedFunctions(path: string, list: FunctionList): ReadonlySet<FunctionName> {
  const statics = Object.fromEntries(
    NAMES.map((name) => [name, { type: "pointer", optional: true } as const]),
  );
  const symbols: Readonly<Record<string, Deno.PointerValue>> = loadLibrary(path, statics);
  return new Set(NAMES.filter((name) => {
    const listed = list.pointer(name);
    const found = symbols[name] ?? null;
    return listed !== null && found !== null && Deno.UnsafePointer.equals(listed, found);
  }));
}

interface Binding {
  readonly nonblocking: boolean;
}

/** A call whose parameters and result are those of its declaration in `symbols.ts`. */
type AnyCall = (...args: never[]) => bigint | Promise<bigint>;

function bindAll(
  path: string,
  list: FunctionList,
  exported: ReadonlySet<FunctionName>,
  { nonblocking }: Binding,
): Calls {
  const byName = loadLibrary(
    path,
    Object.fromEntries([...exported].map((name) => [name, { ...PKCS11[name], nonblocking }])),
  ) as Readonly<Record<string, AnyCall>>;
  const entries = NAMES.map((name): [FunctionName, AnyCall] => {
    const known = byName[name];
    return [name, known ?? bindPointer(list.pointer(name), { ...PKCS11[name], nonblocking })];
  });
  // Each is bound with the declaration of its name, so the entries have the types of Calls.
  return Object.fromEntries(entries) as unknown as Calls;
}

/** A function that the module left out of its list answers as if it said so itself. */
function bindPointer(pointer: Deno.PointerValue, definition: Deno.ForeignFunction): AnyCall {
  if (pointer === null) return () => BigInt(CKR.FUNCTION_NOT_SUPPORTED);
  const bound = new Deno.UnsafeFnPointer<Deno.ForeignFunction>(
    pointer as Deno.PointerObject<Deno.ForeignFunction>,
    definition,
  );
  return bound.call.bind(bound) as AnyCall;
}
