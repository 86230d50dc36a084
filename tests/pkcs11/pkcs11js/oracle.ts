/**
 * pkcs11js, another project's way to a module: a native addon of Node-API, run in a process of its own. It is
 * built in a temporary folder, with the compiler alone.
 */
import { run } from "../../setup/run_command.ts";
import { type SoftHsm, SOFTHSM_MODULE, type SoftHsmToken } from "../softhsm.ts";

/** A parameter is bytes in hex, or the fields of a struct with names of constants or numbers. */
export interface OracleMechanism {
  readonly name: string;
  readonly parameter?: string | Readonly<Record<string, string | number>>;
}

interface OnKey {
  /** CKA_ID in hex, like all bytes here. */
  readonly id: string;
  readonly mechanism: OracleMechanism;
  readonly data: string;
}

export type OracleStep =
  | { readonly do: "objects"; readonly attributes: readonly string[] }
  | OnKey & { readonly do: "sign" }
  | OnKey & { readonly do: "verify"; readonly signature: string }
  | OnKey & { readonly do: "decrypt"; readonly keyClass: string }
  | {
    readonly do: "generatePair";
    readonly id: string;
    readonly label: string;
  };

export class Oracle implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async build(): Promise<Oracle> {
    const oracle = new Oracle(
      await Deno.makeTempDir({ prefix: "parsec-pkcs11js-" }),
    );
    await oracle.#build();
    return oracle;
  }

  async #build(): Promise<void> {
    for (const name of ["package.json", "deno.lock", "oracle.cjs"]) {
      await Deno.copyFile(
        new URL(name, import.meta.url),
        `${this.#folder}/${name}`,
      );
    }
    const options = { cwd: this.#folder };
    await run(Deno.execPath(), [
      "install",
      "--frozen",
      "--node-modules-dir=manual",
    ], options);
    const addon = "node_modules/pkcs11js";
    await Deno.mkdir(`${this.#folder}/${addon}/build/Release`, {
      recursive: true,
    });
    await run("g++", [
      ...["-shared", "-fPIC", "-std=c++17", "-DNODE_GYP_MODULE_NAME=pkcs11"],
      ...[`-I${addon}/includes`, "-Inode_modules/node-api-headers/include"],
      ...["dl", "common", "main"].map((name) => `${addon}/src/${name}.cpp`),
      ...["-o", `${addon}/build/Release/pkcs11.node`],
    ], options);
  }

  /** Takes the steps on a token and returns what each gave. */
  async ask(
    softhsm: SoftHsm,
    { serialNumber, pin }: SoftHsmToken,
    ...steps: readonly OracleStep[]
  ): Promise<readonly unknown[]> {
    const request = { module: SOFTHSM_MODULE, serialNumber, pin, steps };
    const args = ["run", "-A", "oracle.cjs", JSON.stringify(request)];
    return JSON.parse(
      await run(Deno.execPath(), args, { cwd: this.#folder, env: softhsm.env }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}
