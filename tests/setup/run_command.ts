/** Runs a program of the machine and fails loudly. */

/** One line to whoever watches; results go to standard output, this doesn't. */
export function say(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(line + "\n"));
}

/**
 * Runs a program to its end and returns its standard output. `PATH` gets the `sbin` folders too, which package
 * tools need and a plain user's environment lacks.
 *
 * @throws {Error} With the program's whole output, if it can't be started or exits with other than 0.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<string> {
  const path = `${Deno.env.get("PATH") ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    env: { PATH: path, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code !== 0) {
    throw new Error(`Cannot run "${program} ${args.join(" ")}": exit code ${code}\n${out}${err}`);
  }
  return out ?? "";
}

/** Whether a program runs and exits with 0. */
export async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(program, args);
    return true;
  } catch {
    return false;
  }
}
