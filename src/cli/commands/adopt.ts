import { wantedName } from "../../authenticators/application_name.ts";
import type { KeySource } from "../../operations/convert/key_source.ts";
import { usageFlags } from "../../psa/usage_flags.ts";
import { parseHandle, providerOf, readSource } from "../adoption_source.ts";
import { ALGORITHM_NAMES, parseAlgorithm } from "../algorithm_name.ts";
import { defineCommand } from "../command.ts";
import { CommandError, ExitCode } from "../exit_code.ts";
import { keyJson, keyLine } from "../key_listing.ts";
import { KEY_NAME } from "../key_name.ts";
import { flag, option, requiredOption, requiredText, text } from "../parameters.ts";
import { printable } from "../printable.ts";
import type { Session } from "../session.ts";
import { parseUsage, USAGE_NAMES, usualUsage } from "../usage_names.ts";

const WHERE =
  "Say where the key is: with --uri or --label, which ask the PKCS #11 provider, or with --handle or " +
  "--file, which ask the TPM provider (-p chooses another). It stays where it is, also when the " +
  "application deletes it, unless --delete-with-key is given.";

export const adopt = defineCommand({
  name: "adopt",
  summary: "Give an application a key that a token or TPM has already (administrators only)",
  details: `${WHERE}

Algorithms: ${ALGORITHM_NAMES}.

Examples:
  parsec adopt -c 1000 -k tls --label gateway-tls --algorithm ecdsa-sha256
  parsec adopt -c 1001 -k id --uri 'pkcs11:token=gw;id=%01' --algorithm rsa-pss-sha256 --usage sign
  parsec adopt -c 1002 -k id --handle 0x81000001 --auth-file auth.txt --algorithm ecdsa-sha256`,
  parameters: {
    client: requiredText(
      "-c, --client <client>",
      "name of the application that gets the key; with Unix peer credentials its uid",
    ),
    keyName: KEY_NAME,
    uri: text("--uri <uri>", "key on a token, with its object or id: pkcs11:token=gw;id=%01"),
    label: text("--label <label>", "key on a token, by its label: short for pkcs11:object=LABEL"),
    handle: option("--handle <handle>", "persistent key of a TPM: 0x81000001", parseHandle),
    file: text("--file <file>", "key that a TPM has wrapped: TSS2 PRIVATE KEY in PEM"),
    authFile: text(
      "--auth-file <file>",
      "file with the auth value of the TPM's key: a text, or hex: and digits, as in the service's configuration",
    ),
    algorithm: requiredOption(
      "-a, --algorithm <algorithm>",
      "what the key may be used with: ecdsa-sha256, rsa-pss-sha256, ... (see above)",
      parseAlgorithm,
    ),
    usage: option(
      "-u, --usage <usage>",
      `what for, with commas: ${USAGE_NAMES} (default: all that the algorithm does)`,
      parseUsage,
    ),
    deleteWithKey: flag("--delete-with-key", "delete it from the token or TPM with the key"),
  },
  run: async (session, { client, keyName, algorithm, usage, deleteWithKey, ...options }) => {
    const source = await readSource(session, options);
    try {
      await checkClient(session, client);
      const providerId = session.options.provider ?? providerOf(source);
      const policy = {
        usageFlags: usageFlags(...usage ?? usualUsage(algorithm)),
        permittedAlgorithm: algorithm,
      };
      const { attributes } = await (await session.client()).adoptKey(providerId, {
        ...{ client, keyName, policy, source, deleteWithKey },
      });
      const key = { providerId, name: keyName, attributes };
      session.note(
        `"${printable(client)}" has the key now; deleting it ${
          deleteWithKey ? "deletes it from the device too" : "leaves it in the device"
        }`,
      );
      session.print({ text: keyLine(key), json: { client, ...keyJson(key) } });
    } finally {
      wipe(source);
    }
  },
});

/** @throws {CommandError} Misuse, if nobody can be called that. */
async function checkClient(session: Session, name: string): Promise<void> {
  const wanted = wantedName({ authType: await session.authType(), name });
  if (wanted === undefined) return;
  throw new CommandError(
    `Cannot give a key to "${printable(name)}": no application is called that, ${wanted} wanted`,
    { exitCode: ExitCode.Misuse },
  );
}

function wipe(source: KeySource): void {
  if (source.kind !== "token_object") source.auth.fill(0);
}
