/** Reads the vector files. A field that is absent, of another type or unknown is an error. */

/** The type of each field. */
export interface Shape {
  readonly [field: string]: "hex" | "text" | "number" | "texts";
}

type Value<T extends Shape[string]> = T extends "hex" ? Uint8Array<ArrayBuffer>
  : T extends "number" ? number
  : T extends "texts" ? readonly string[]
  : string;
export type Shaped<S extends Shape> = { readonly [K in keyof S]: Value<S[K]> };

const VECTOR = { tcId: "number", comment: "text", flags: "texts", result: "text" } as const;
const GROUP = { file: "text" } as const;

/** What Wycheproof says of a vector; "acceptable" is for the tester to decide (`acceptable.ts`). */
export type Result = "valid" | "invalid" | "acceptable";

export type Vector<T extends Shape> = Shaped<T> & Shaped<typeof VECTOR> & {
  readonly result: Result;
};
export type Group<G extends Shape, T extends Shape> = Shaped<G> & Shaped<typeof GROUP> & {
  readonly tests: readonly Vector<T>[];
};

/** @throws {TypeError} If a field is not as the shapes say. */
export async function readVectors<const G extends Shape, const T extends Shape>(
  name: string,
  shapes: { readonly group: G; readonly test: T },
): Promise<readonly Group<G, T>[]> {
  const groups = JSON.parse(await decompress(name)) as readonly Record<string, unknown>[];
  return groups.map(({ tests, ...group }) => {
    const vectors = (tests as readonly Record<string, unknown>[]).map((test) => {
      const vector = shaped(test, { ...VECTOR, ...shapes.test });
      if (!["valid", "invalid", "acceptable"].includes(vector.result)) {
        throw new TypeError(`${name} ${vector.tcId}: result ${vector.result}`);
      }
      return vector;
    });
    if (vectors.length === 0) throw new TypeError(`${name}: a group without vectors`);
    // The values have just been read by their shapes.
    return { ...shaped(group, { ...GROUP, ...shapes.group }), tests: vectors } as unknown as Group<
      G,
      T
    >;
  });
}

function shaped<const S extends Shape>(fields: Record<string, unknown>, shape: S): Shaped<S> {
  const unknown = Object.keys(fields).find((name) => !(name in shape));
  if (unknown !== undefined) throw new TypeError(`Unknown field ${unknown}`);
  const entries = Object.entries(shape).map(([name, type]) => [name, read(name, type, fields)]);
  return Object.fromEntries(entries) as Shaped<S>;
}

function read(name: string, type: Shape[string], fields: Record<string, unknown>): unknown {
  const value = fields[name];
  if (type === "texts" && Array.isArray(value)) return value;
  if (type === "number" && typeof value === "number") return value;
  if (type === "text" && typeof value === "string") return value;
  if (type === "hex" && typeof value === "string") return Uint8Array.fromHex(value);
  throw new TypeError(`Field ${name}: ${JSON.stringify(value)} is not ${type}`);
}

async function decompress(name: string): Promise<string> {
  const file = await Deno.open(new URL(`${name}.json.gz`, import.meta.url));
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
}
