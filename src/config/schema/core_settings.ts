/** `[core_settings]`: what is common to all of the service. */
import { LOG_LEVELS } from "../../log.ts";
import { CPUS, type SectionSchema } from "./types.ts";

const MEBIBYTE = 1024 * 1024;
const HOUR_MS = 3_600_000;

export const CORE_SETTINGS = {
  form: "table",
  help: "What is common to all of the service.",
  keys: {
    log_level: {
      type: { kind: "choice", values: LOG_LEVELS },
      field: "logLevel",
      default: "info",
      help: "How much goes to the log, which is standard error. Upstream's default is error.",
      since: "upstream",
      change: "live",
    },
    log_format: {
      type: { kind: "choice", values: ["text", "json"] },
      field: "logFormat",
      default: "text",
      help: "Lines of text, or one JSON object a line.",
      since: "0.1.0",
      change: "live",
    },
    log_timestamp: {
      type: { kind: "boolean" },
      field: "logTimestamp",
      default: false,
      help: "Whether lines of text start with the time. JSON lines always hold it.",
      since: "upstream",
      change: "live",
    },
    log_error_details: {
      type: { kind: "boolean" },
      field: "logErrorDetails",
      default: false,
      help:
        "Whether names of keys and applications and the inner causes of errors may be logged. " +
        "Secrets never are.",
      since: "upstream",
      change: "live",
    },
    allow_root: {
      type: { kind: "boolean" },
      field: "allowRoot",
      default: false,
      help: "Whether the service may run as root.",
      since: "upstream",
      change: "restart",
    },
    allow_core_dumps: {
      type: { kind: "boolean" },
      field: "allowCoreDumps",
      default: false,
      help:
        "Whether the service may leave a core dump when it crashes, and be looked into by debuggers " +
        "of its own user. Both show the keys in use.",
      since: "0.1.0",
      change: "restart",
    },
    body_len_limit: {
      type: { kind: "integer", min: 1, max: 64 * MEBIBYTE, unit: "bytes" },
      field: "bodyLengthLimit",
      default: MEBIBYTE,
      help: "The largest body of a request. A larger one is refused before it is read.",
      since: "upstream",
      change: "live",
    },
    buffer_size_limit: {
      type: { kind: "integer", min: 1, max: 64 * MEBIBYTE, unit: "bytes" },
      field: "bufferSizeLimit",
      default: MEBIBYTE,
      help:
        "The most output, or random bytes, that one answer may hold. A list of keys counts 128 bytes a " +
        "key and its name.",
      since: "upstream",
      change: "live",
    },
    max_keys_per_application: {
      type: { kind: "integer", min: 1, max: 1_000_000 },
      field: "maxKeysPerApplication",
      default: 1000,
      help:
        "The most keys that one application may have in one key manager. Keys that are there already " +
        "stay usable. All keys are in memory: about a kilobyte each, and their names.",
      since: "0.1.0",
      change: "live",
    },
    allow_deprecated: {
      type: { kind: "boolean" },
      field: "allowDeprecated",
      default: false,
      help: "Whether new keys may use deprecated algorithms and key types.",
      since: "upstream",
      change: "live",
    },
    advertise_extensions: {
      type: { kind: "boolean" },
      field: "advertiseExtensions",
      default: false,
      help:
        "Whether ListOpcodes tells of the operations that upstream's clients do not know: MACs and " +
        "key derivation. Those clients fail on the whole list then. The operations are served " +
        "either way.",
      since: "0.1.0",
      change: "live",
    },
    thread_pool_size: {
      type: { kind: "integer", min: 1, max: 1024 },
      field: "threadPoolSize",
      default: CPUS,
      help:
        "How many calls of one provider's library may run at once, beside the thread that answers " +
        "everything else. The runtime has 32 threads for them: more is no faster.",
      since: "upstream",
      change: "restart",
    },
    idle_listener_sleep_duration: {
      type: { kind: "integer", min: 0, max: HOUR_MS, unit: "milliseconds" },
      default: 10,
      meaningless: "This key has no meaning here: the listener never sleeps between two polls",
      help:
        "Accepted for the sake of existing files and without meaning: this service never polls.",
      since: "upstream",
      change: "live",
    },
  },
} as const satisfies SectionSchema;
