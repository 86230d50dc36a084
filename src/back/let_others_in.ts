/**
 * A turn of the event loop, for work that keeps this thread busy for long: changes of the stores, which wait for
 * the disk, and long answers. Without it one would follow the other for as long as somebody asks; and only what
 * isn't done at once takes a share of its application (fair_share.ts).
 */

/** Resolves once what else is ready has had its turn. */
export function letOthersIn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
