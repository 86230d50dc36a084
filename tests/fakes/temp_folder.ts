/** A folder of a test's own, gone when the test ends. */
import { join } from "node:path";

export class TempFolder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "parsec-test-" });

  /** Path of a name in the folder. */
  file(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
