import { equal } from "node:assert/strict";
import { type FileFacts, permissionHint } from "./permission_hint.ts";

const PATH = "/run/parsec/parsec.sock";

interface Node {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const OPEN: Node = { mode: 0o40755, uid: 0, gid: 0 };

/** Files as a user sees them who is neither an owner nor in a group. */
function files(nodes: Readonly<Record<string, Node>>): FileFacts {
  return {
    stat: (path) => {
      const parents = path.split("/").slice(0, -1).map((_, i, all) =>
        all.slice(0, i + 1).join("/") || "/"
      );
      const closed = parents.some((folder) => folder !== path && !isSearchable(nodes[folder]));
      if (closed) return Promise.reject(new Deno.errors.PermissionDenied("os error 13"));
      const node = nodes[path];
      if (node === undefined) return Promise.reject(new Deno.errors.NotFound("os error 2"));
      return Promise.resolve(node);
    },
    readTextFile: (path) => {
      if (path === "/etc/group") return Promise.resolve("root:x:0:\nparsec-clients:x:998:\n");
      if (path === "/etc/passwd") return Promise.resolve("parsec:x:999:999::/:/bin/false\n");
      return Promise.reject(new Deno.errors.NotFound(path));
    },
  };
}

function isSearchable(node: Node | undefined): boolean {
  return node !== undefined && (node.mode & 0o001) !== 0;
}

const SOCKET: Node = { mode: 0o140660, uid: 999, gid: 998 };

Deno.test("permissionHint() names the group of a closed folder", async () => {
  const hint = await permissionHint(
    PATH,
    files({
      "/": OPEN,
      "/run": OPEN,
      "/run/parsec": { mode: 0o40750, uid: 999, gid: 998 },
      [PATH]: SOCKET,
    }),
  );
  equal(
    hint,
    "/run/parsec belongs to parsec:parsec-clients, mode 0750; join the group " +
      '(sudo usermod -aG parsec-clients "$USER") and log in again',
  );
});

Deno.test("permissionHint() names the group of a closed socket", async () => {
  const hint = await permissionHint(
    PATH,
    files({ "/": OPEN, "/run": OPEN, "/run/parsec": OPEN, [PATH]: SOCKET }),
  );
  equal(
    hint,
    `${PATH} belongs to parsec:parsec-clients, mode 0660; join the group ` +
      '(sudo usermod -aG parsec-clients "$USER") and log in again',
  );
});

Deno.test("permissionHint() says so where only the owner is let in", async () => {
  const hint = await permissionHint(
    PATH,
    files({
      "/": OPEN,
      "/run": OPEN,
      "/run/parsec": { mode: 0o40700, uid: 1234, gid: 0 },
      [PATH]: SOCKET,
    }),
  );
  equal(
    hint,
    "/run/parsec belongs to 1234:root, mode 0700; it lets in 1234 only: run as that user, or ask for access",
  );
});

Deno.test("permissionHint() tells nobody to join root's group", async () => {
  const hint = await permissionHint(
    PATH,
    files({
      "/": OPEN,
      "/run": OPEN,
      "/run/parsec": OPEN,
      [PATH]: { mode: 0o140660, uid: 999, gid: 0 },
    }),
  );
  equal(
    hint,
    `${PATH} belongs to parsec:root, mode 0660; it lets in parsec only: run as that user, or ask for access`,
  );
});

Deno.test("permissionHint() does without facts that are out of sight", async () => {
  equal(
    await permissionHint(PATH, files({})),
    `ask whoever runs the service for access to ${PATH}`,
  );
});
