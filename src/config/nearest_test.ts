import assert from "node:assert/strict";
import { nearest } from "./nearest.ts";

const WORDS = ["log_level", "log_format", "timeout", "socket_path", "socket_mode", "admins"];

const CASES: readonly { readonly word: string; readonly wanted: string | undefined }[] = [
  { word: "log_level", wanted: "log_level" },
  { word: "log_levle", wanted: "log_level" },
  { word: "loglevel", wanted: "log_level" },
  { word: "LOG-LEVEL", wanted: "log_level" },
  { word: "log_formatt", wanted: "log_format" },
  { word: "time_out", wanted: "timeout" },
  { word: "tiemout", wanted: "timeout" },
  { word: "socket_pth", wanted: "socket_path" },
  { word: "admin", wanted: "admins" },
  { word: "user_pin", wanted: undefined },
  { word: "", wanted: undefined },
  { word: "x", wanted: undefined },
  { word: "timeout".repeat(10), wanted: undefined },
];

for (const { word, wanted } of CASES) {
  Deno.test(`nearest() finds ${wanted} for ${JSON.stringify(word)}`, () => {
    assert.equal(nearest(word, WORDS), wanted);
  });
}
