/** The version of the service and of the executable: major, minor, revision. Kept equal to deno.json's. */
export const VERSION = [0, 1, 0] as const;

export const VERSION_TEXT: string = VERSION.join(".");
