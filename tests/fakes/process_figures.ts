/** What the kernel counts of a process: proc(5). */

/** Open descriptors. */
export function descriptors(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/** Private memory, MiB: RssAnon, what a process has touched and shares with nobody. */
export function privateMemoryMib(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new TypeError("Cannot read /proc/pid/status: no RssAnon");
  return Number(kib) / 1024;
}

/** Time on a processor so far, ms, of all threads that live. */
export function processorMs(pid: number): number {
  let nanoseconds = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    const [onCpu] = Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`).split(" ");
    nanoseconds += Number(onCpu);
  }
  return nanoseconds / 1e6;
}
