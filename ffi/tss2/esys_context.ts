/**
 * A connection to a TPM: the TCTI and the ESYS context on it. It serves one call at a time (a second one is
 * refused with BAD_SEQUENCE): whoever uses it takes turns.
 */
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import { TPM2_RC_FORMAT_0, TPM2_SU } from "./constants.ts";
import { check, openTss2Library, type Tss2Library } from "./library.ts";
import { decodeResponseCode } from "./response_code.ts";

export class EsysContext implements Disposable {
  readonly library: Tss2Library;
  readonly #owned: DisposableStack;
  readonly #context: Handle;

  private constructor(library: Tss2Library, owned: DisposableStack, context: Handle) {
    this.library = library;
    this.#owned = owned;
    this.#context = context;
  }

  /**
   * Connects to a TPM.
   *
   * @param tcti A TCTI and its configuration: `device:/dev/tpmrm0`, `swtpm:path=/run/tpm.sock`, `tabrmd`.
   * @throws {LibraryError} If tpm2-tss is not there.
   * @throws {Tss2Error} If nobody answers at the other end.
   */
  static async open(tcti: string): Promise<EsysContext> {
    const library = openTss2Library();
    using stack = new DisposableStack();
    const transport = stack.use(await openTcti(library, tcti));
    const context = stack.use(openContext(library, transport));
    return new EsysContext(library, stack.move(), context);
  }

  /** @throws {TypeError} If it has been closed. */
  get pointer(): Deno.PointerObject {
    return this.#context.pointer;
  }

  /** Only after the last call has returned: closing under a call would crash the process. */
  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

async function openTcti({ tctiLoader }: Tss2Library, tcti: string): Promise<Handle> {
  const cell = new BigUint64Array(1);
  const code = await tctiLoader.Tss2_TctiLdr_Initialize(encodeCString(tcti), cell);
  check("Tss2_TctiLdr_Initialize", code);
  return new Handle("TSS2_TCTI_CONTEXT", pointerIn(cell), (pointer) => {
    tctiLoader.Tss2_TctiLdr_Finalize(cellOf(pointer));
  });
}

function openContext({ esys }: Tss2Library, transport: Handle): Handle {
  const cell = new BigUint64Array(1);
  check("Esys_Initialize", esys.Esys_Initialize(cell, transport.pointer, null));
  return new Handle("ESYS_CONTEXT", pointerIn(cell), (pointer) => {
    esys.Esys_Finalize(cellOf(pointer));
  });
}

function pointerIn(cell: BigUint64Array): Deno.PointerObject {
  const pointer = Deno.UnsafePointer.create(cell[0] ?? 0n);
  if (pointer === null) throw new TypeError("Cannot open a context: the library gave none");
  return pointer;
}

function cellOf(pointer: Deno.PointerObject): BigUint64Array<ArrayBuffer> {
  return new BigUint64Array([Deno.UnsafePointer.value(pointer)]);
}

/**
 * TPM2_Startup(CLEAR); a TPM that has started already, as it mostly has (firmware, resource manager), is fine.
 *
 * @throws {Tss2Error}
 */
export async function startup(context: EsysContext): Promise<void> {
  const code = await context.library.esys.Esys_Startup(context.pointer, TPM2_SU.CLEAR);
  if (decodeResponseCode(code).tpm !== TPM2_RC_FORMAT_0.INITIALIZE) check("Esys_Startup", code);
}
