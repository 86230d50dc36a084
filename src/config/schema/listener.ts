/** `[listener]`: where clients connect, and what one of them may take up. */
import type { SectionSchema } from "./types.ts";

const HOUR_MS = 3_600_000;

export const LISTENER = {
  form: "table",
  help: "Where clients connect, and what one of them may take up.",
  keys: {
    listener_type: {
      type: { kind: "choice", values: ["DomainSocket"] },
      default: "DomainSocket",
      help: "A Unix domain socket.",
      since: "upstream",
      change: "restart",
    },
    socket_path: {
      type: { kind: "path", of: "socket" },
      field: "socketPath",
      default: "/run/parsec/parsec.sock",
      help:
        "Clients set PARSEC_SERVICE_ENDPOINT to unix: and this path. Not used when systemd hands " +
        "the socket over.",
      since: "upstream",
      change: "restart",
    },
    socket_mode: {
      type: { kind: "mode" },
      field: "socketMode",
      default: 0o666,
      help:
        "Permission bits of the socket: who may connect. Who owns which key is the authenticator's " +
        "business.",
      since: "0.1.0",
      change: "restart",
    },
    timeout: {
      type: { kind: "integer", min: 1, max: HOUR_MS, unit: "milliseconds" },
      field: "timeoutMs",
      default: 1000,
      help:
        "How long one whole request may take to arrive, and one whole answer to be taken. Running " +
        "the request in between does not count: see execution_timeout.",
      since: "upstream",
      change: "live",
    },
    execution_timeout: {
      type: { kind: "integer", min: 100, max: HOUR_MS, unit: "milliseconds" },
      field: "executionTimeoutMs",
      default: 120_000,
      help:
        "How long a request may run before the client is told that it failed. Making an RSA key in " +
        "a TPM can take a minute.",
      since: "0.1.0",
      change: "live",
    },
    max_connections: {
      type: { kind: "integer", min: 1, max: 65_536 },
      field: "maxConnections",
      default: 1024,
      help: "How many connections may be open at once.",
      since: "0.1.0",
      change: "live",
    },
    max_connections_per_uid: {
      type: { kind: "integer", min: 1, max: 65_536 },
      field: "maxConnectionsPerUid",
      default: 512,
      help:
        "How many of them one user may hold; at most max_connections, to which the default is cut.",
      since: "0.1.0",
      change: "live",
    },
  },
} as const satisfies SectionSchema;
