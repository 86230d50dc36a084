/** `[authenticator]` or `[[authenticator]]`: how clients prove who they are. */
import type { SectionSchema } from "./types.ts";

export const AUTHENTICATOR = {
  form: "either",
  help:
    "How clients prove who they are. One [authenticator], as in upstream's files, or several: " +
    "write each as [[authenticator]] then, no two of one type; a request says which one it uses.",
  keys: {
    admins: {
      type: { kind: "names" },
      field: "admins",
      default: [],
      help: 'Who may list and remove the keys of others: [{ name = "…" }], with the name as this ' +
        "authenticator gives it (UnixPeerCredentials: the uid in decimal digits).",
      since: "upstream",
      change: "live",
    },
  },
  variants: {
    by: "auth_type",
    what: "type of authenticator",
    example: "UnixPeerCredentials",
    of: {
      UnixPeerCredentials: {
        help: "the uid that the kernel reports for the client",
        keys: {},
      },
      Direct: {
        help: "any name the client gives; only where every client is trusted",
        keys: {},
      },
      JwtSvid: {
        help: "a SPIFFE token",
        notServed: "Use UnixPeerCredentials, or wait for a version that serves JwtSvid; another " +
          "authenticator gives the clients other names, so they would not find their keys",
        keys: {
          workload_endpoint: {
            type: { kind: "text", what: "the address of a SPIFFE workload API" },
            required: true,
            help: "The SPIFFE workload API.",
            since: "upstream",
            change: "live",
          },
        },
      },
    },
  },
} as const satisfies SectionSchema;
