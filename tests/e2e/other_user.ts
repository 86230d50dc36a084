/**
 * A client that runs as another user: the kernel then reports that user's id to the service.
 */
import type { Exchange } from "../../src/client/mod.ts";

/**
 * Sends what it reads on a socket and prints what comes back. Perl, since it is on every Debian machine and
 * readable by every user; the test's own runtime lies in root's folders.
 */
const SCRIPT = `
  use IO::Socket::UNIX;
  binmode STDIN; binmode STDOUT;
  local $/;
  my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "connect: $!";
  print $socket <STDIN>;
  $socket->flush;
  print <$socket>;
`;

/** Needs root. The socket's folder must let the user in. */
export function exchangeAs(uid: number, socketPath: string): Exchange {
  return async (request) => {
    const child = new Deno.Command("perl", {
      args: ["-e", SCRIPT, socketPath],
      uid,
      gid: uid,
      cwd: "/", // ours may be closed to that user
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const input = child.stdin.getWriter();
    await input.write(request);
    await input.close();
    const { code, stdout, stderr } = await child.output();
    if (code !== 0) {
      throw new Error(`Cannot ask as user ${uid}: ${new TextDecoder().decode(stderr)}`);
    }
    return stdout;
  };
}
