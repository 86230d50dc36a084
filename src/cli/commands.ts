/**
 * The subcommands of the client, in the order in which help lists them. A new one is a row.
 */
import type { Command } from "./command.ts";
import { activateCredential } from "./commands/activate_credential.ts";
import { adopt } from "./commands/adopt.ts";
import { attest } from "./commands/attest.ts";
import { createCsr } from "./commands/create_csr.ts";
import { createEccKey } from "./commands/create_ecc_key.ts";
import { createRsaKey } from "./commands/create_rsa_key.ts";
import { decrypt } from "./commands/decrypt.ts";
import { deleteClient } from "./commands/delete_client.ts";
import { deleteKey } from "./commands/delete_key.ts";
import { encrypt } from "./commands/encrypt.ts";
import { exportPublicKey } from "./commands/export_public_key.ts";
import { generateRandom } from "./commands/generate_random.ts";
import { listAuthenticators } from "./commands/list_authenticators.ts";
import { listClients } from "./commands/list_clients.ts";
import { listKeys } from "./commands/list_keys.ts";
import { listOpcodes } from "./commands/list_opcodes.ts";
import { listProviders } from "./commands/list_providers.ts";
import { ping } from "./commands/ping.ts";
import { sign } from "./commands/sign.ts";
import { unpackEvidence } from "./commands/unpack_evidence.ts";

export const COMMANDS: readonly Command[] = [
  ping,
  listProviders,
  listAuthenticators,
  listOpcodes,
  listKeys,
  createRsaKey,
  createEccKey,
  adopt,
  exportPublicKey,
  sign,
  encrypt,
  decrypt,
  createCsr,
  deleteKey,
  generateRandom,
  attest,
  activateCredential,
  unpackEvidence,
  listClients,
  deleteClient,
];
