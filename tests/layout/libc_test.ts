/**
 * The declarations of `ffi/libc` against the installed headers, by the compiler; constants and layouts also
 * against what the headers of each other architecture said.
 */
import assert from "node:assert/strict";
import { ERRNO } from "../../ffi/libc/errors.ts";
import { LIBC } from "../../ffi/libc/symbols.ts";
import {
  CONSTANTS,
  epollEvent,
  POLLFD,
  RLIMIT,
  SOCKADDR_UN,
  TIMESPEC,
  UCRED,
} from "../../ffi/libc/types.ts";
import { Errno } from "../../src/front/errno.ts";
import { complaints, runProgram } from "./c_compiler.ts";
import { assertFits, type NativeTypes, prototypesOf } from "./prototypes.ts";

const SYMBOLS_SOURCE = new URL("../../ffi/libc/symbols.ts", import.meta.url);
const HEADERS = Deno.readTextFileSync(new URL("./libc_headers.h", import.meta.url));
const LAYOUT_PROGRAM = new URL("./libc_layout.c", import.meta.url);
const ARCHITECTURES = ["x86_64", "aarch64"] as const;

const NATIVE_TYPES: NativeTypes = {
  "int": "i32",
  "clockid_t": "i32",
  "unsigned int": "u32",
  "socklen_t": "u32",
  "__rlimit_resource_t": "u32",
  "eventfd_t": "u64",
  "nfds_t": "u64",
  "size_t": "usize",
  "ssize_t": "isize",
};

/** glibc declares socket addresses as a transparent union of all their types (sys/socket.h). */
function asInHeaders(prototype: string): string {
  return prototype
    .replace("const struct sockaddr *", "__CONST_SOCKADDR_ARG ")
    .replace("struct sockaddr *", "__SOCKADDR_ARG ");
}

const PROTOTYPES = prototypesOf(SYMBOLS_SOURCE);

Deno.test("LIBC has a prototype for each symbol", () => {
  assert.deepEqual(PROTOTYPES.map(({ key }) => key).toSorted(), Object.keys(LIBC).toSorted());
});

Deno.test("LIBC's prototypes are those of the headers", async () => {
  const lines = PROTOTYPES.map(({ text }) => `extern ${asInHeaders(text)}`);
  assert.equal(await complaints([HEADERS, ...lines, ""].join("\n")), "");
});

Deno.test("complaints() names a prototype that the headers contradict", async (t) => {
  const wrong = [
    "int close(long fd);",
    "int recv(int sockfd, void *buf, size_t len, int flags);",
    "int bind(int sockfd, __CONST_SOCKADDR_ARG addr, size_t addrlen);",
  ];
  for (const text of wrong) {
    await t.step(text, async () => {
      assert.match(await complaints(`${HEADERS}\nextern ${text}\n`), /conflicting types/);
    });
  }
});

Deno.test("LIBC's native types fit its prototypes", async (t) => {
  const symbols: Readonly<Record<string, Deno.ForeignFunction>> = LIBC;
  for (const prototype of PROTOTYPES) {
    await t.step(prototype.key, () => {
      const symbol = symbols[prototype.key];
      assert.ok(symbol);
      assertFits(prototype, symbol, NATIVE_TYPES);
    });
  }
});

interface Layout {
  readonly constants: Readonly<Record<string, number>>;
  readonly errno: Readonly<Record<string, number>>;
  readonly structs: Readonly<Record<string, number>>;
}

/** Our own belief, in the words of `libc_layout.c`. */
function believed(arch: typeof Deno.build.arch): Layout {
  const structs: Record<string, number> = {};
  for (
    const { name, size, offsets } of [
      SOCKADDR_UN,
      UCRED,
      TIMESPEC,
      POLLFD,
      RLIMIT,
      epollEvent(arch),
    ]
  ) {
    structs[`sizeof ${name}`] = size;
    for (const [field, offset] of Object.entries(offsets)) structs[`${name}.${field}`] = offset;
  }
  return { constants: CONSTANTS, errno: ERRNO, structs };
}

Deno.test("constants and layouts are those of the headers", async (t) => {
  for (const arch of ARCHITECTURES) {
    await t.step(arch, () => {
      const recorded = new URL(`./libc_layout.${arch}.json`, import.meta.url);
      assert.deepEqual(believed(arch), JSON.parse(Deno.readTextFileSync(recorded)));
    });
  }
});

Deno.test("the recorded layout is what the compiler says here", async () => {
  const recorded = new URL(`./libc_layout.${Deno.build.arch}.json`, import.meta.url);
  assert.equal(await runProgram(LAYOUT_PROGRAM), Deno.readTextFileSync(recorded));
});

Deno.test("the listener's errno are those of the C library", () => {
  const ours: Readonly<Record<string, number>> = ERRNO;
  for (const [name, errno] of Object.entries(Errno)) assert.equal(errno, ours[name], name);
});
