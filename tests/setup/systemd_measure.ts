/** `systemd-measure`, which signs states of a system: it is on no PATH. */
import { existsSync } from "node:fs";

/** `undefined` where it is not installed. */
export function systemdMeasurePath(): string | undefined {
  return ["/usr/lib/systemd/systemd-measure", "/lib/systemd/systemd-measure"]
    .find((path) => existsSync(path));
}
