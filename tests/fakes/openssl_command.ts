/** The `openssl` command in a folder of its own: a judge that shares no code of ours. */
import { join } from "node:path";
import { readUnsignedSequence } from "../../ffi/libcrypto/mod.ts";

export class OpensslCommand implements Disposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "parsec-openssl-" });

  /** A file of the folder, by its name. */
  file(name: string): string {
    return join(this.#folder, name);
  }

  write(name: string, bytes: Uint8Array): string {
    const path = this.file(name);
    Deno.writeFileSync(path, bytes);
    return path;
  }

  read(name: string): Uint8Array {
    return Deno.readFileSync(this.file(name));
  }

  /** Runs it in the folder; returns whether it succeeded, and its standard output. */
  run(...args: readonly string[]): { readonly success: boolean; readonly output: string } {
    const { success, stdout } = new Deno.Command("openssl", {
      args: [...args],
      cwd: this.#folder,
      stdin: "null",
      stderr: "null",
    }).outputSync();
    return { success, output: new TextDecoder().decode(stdout) };
  }

  /** Runs what must succeed. */
  must(...args: readonly string[]): string {
    const { success, output } = this.run(...args);
    if (!success) throw new Error(`openssl ${args.join(" ")} failed`);
    return output;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

/** Writes the SubjectPublicKeyInfo of a point on a named curve to a file. */
export function writeEcPublicKey(
  openssl: OpensslCommand,
  name: string,
  curve: string,
  point: Uint8Array,
): void {
  writeAsn1(openssl, name, [
    "asn1=SEQUENCE:spki",
    "[spki]",
    "algorithm=SEQUENCE:algorithm",
    `key=FORMAT:HEX,BITSTRING:${point.toHex()}`,
    "[algorithm]",
    "oid=OID:id-ecPublicKey",
    `curve=OID:${curve}`,
  ]);
}

/** Writes the ECPrivateKey (RFC 5915) of a scalar on a named curve to a file. */
export function writeEcPrivateKey(
  openssl: OpensslCommand,
  name: string,
  curve: string,
  scalar: Uint8Array,
): void {
  writeAsn1(openssl, name, [
    "asn1=SEQUENCE:key",
    "[key]",
    "version=INTEGER:1",
    `private=FORMAT:HEX,OCTETSTRING:${scalar.toHex()}`,
    `curve=EXPLICIT:0,OID:${curve}`,
  ]);
}

function writeAsn1(openssl: OpensslCommand, name: string, lines: readonly string[]): void {
  const source = openssl.write("asn1.cnf", new TextEncoder().encode(lines.join("\n")));
  openssl.must("asn1parse", "-genconf", source, "-noout", "-out", openssl.file(name));
}

/** The `r || s` of a DER signature, by plain number handling. */
export function rawSignature(der: Uint8Array, fieldBytes: number): Uint8Array {
  const numbers = readUnsignedSequence(der).map((bytes) =>
    bytes.toHex().padStart(2 * fieldBytes, "0")
  );
  return Uint8Array.fromHex(numbers.join(""));
}
