/**
 * The TypeScript declarations of the generated codec, from protobufjs's reflection of the contracts.
 *
 * They say what decoding gives: a scalar outside a oneof is always there (its default when absent on the
 * wire), a message or a member of a oneof may be missing. What is written to the wire has the same shape.
 */
import protobuf from "protobufjs";

const PRELUDE = `import type { Reader, Writer } from "protobufjs/minimal";

/** Writes the fields of a message; no length before them. */
export type Encode<T> = (message: T, writer: Writer) => Writer;
/** Reads the fields of a message up to the reader's end. */
export type Decode<T> = (reader: Reader) => T;
`;

const SCALARS: ReadonlyMap<string, string> = new Map([
  ["bool", "boolean"],
  ["string", "string"],
  ["bytes", "Uint8Array"],
  ["uint32", "number"],
  ["uint64", "number"],
]);

function fieldType(field: protobuf.Field): string {
  const { resolvedType } = field.resolve();
  if (resolvedType instanceof protobuf.Enum) return "number";
  if (resolvedType !== null) return resolvedType.fullName.replace(/^\./, "");
  const scalar = SCALARS.get(field.type);
  if (scalar !== undefined) return scalar;
  throw new Error(
    `Cannot declare ${field.fullName}: type ${field.type} has no TypeScript type here`,
  );
}

function declareField(field: protobuf.Field): string {
  const type = fieldType(field);
  if (field.repeated) return `readonly ${field.name}: readonly ${type}[];`;
  const mayBeMissing = field.resolvedType instanceof protobuf.Type || field.partOf !== null;
  return `readonly ${field.name}${mayBeMissing ? `?: ${type} | null` : `: ${type}`};`;
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function declareType(type: protobuf.Type): string[] {
  return [
    ...(type.fieldsArray.length === 0 ? [`type ${type.name} = Readonly<Record<never, never>>;`] : [
      `interface ${type.name} {`,
      ...indent(type.fieldsArray.map(declareField)),
      "}",
    ]),
    `namespace ${type.name} {`,
    ...indent([
      `const encode: Encode<${type.name}>;`,
      `const decode: Decode<${type.name}>;`,
      ...type.nestedArray.flatMap(declare),
    ]),
    "}",
  ];
}

function declareEnum(enumeration: protobuf.Enum): string[] {
  const members = Object.entries(enumeration.values)
    .map(([name, value]) => `readonly ${name}: ${value};`);
  return [`const ${enumeration.name}: {`, ...indent(members), "};"];
}

function declare(object: protobuf.ReflectionObject): string[] {
  if (object instanceof protobuf.Type) return declareType(object);
  if (object instanceof protobuf.Enum) return declareEnum(object);
  throw new Error(`Cannot declare ${object.fullName}: neither a message nor an enumeration`);
}

/** @param root The contracts, resolved: one package a file. */
export function declarations(root: protobuf.Root): string {
  const packages = root.nestedArray.map((object) => {
    if (!(object instanceof protobuf.Namespace) || object instanceof protobuf.Type) {
      throw new Error(`Cannot declare ${object.fullName}: outside any package`);
    }
    return [
      `export namespace ${object.name} {`,
      ...indent(object.nestedArray.flatMap(declare)),
      "}",
    ].join("\n");
  });
  return `${PRELUDE}\n${packages.join("\n\n")}\n`;
}
