/** Which token is meant, among all that a module shows. */
import { CKF, type Pkcs11Module, type SlotInfo, type TokenInfo } from "../../ffi/pkcs11/mod.ts";
import type { Logger } from "../../src/log.ts";
import type { TokenUri } from "../../src/pkcs11_uri.ts";
import { quoted, TokenError } from "./token_error.ts";

/** What the configuration says; with nothing at all it is the only token there is. */
export interface TokenChoice {
  /** Compared without blanks around it; comes before the slot number. */
  readonly serialNumber?: string | undefined;
  readonly slotNumber?: bigint | undefined;
  readonly uri?: TokenUri | undefined;
}

export interface FoundSlot {
  readonly slot: bigint;
  readonly info: SlotInfo;
  /** `undefined` where the slot is empty, or its token does not answer. */
  readonly token: TokenInfo | undefined;
}

export interface FoundToken extends FoundSlot {
  readonly token: TokenInfo;
}

/** All slots with what is in them. One that does not answer is left out. */
export async function listSlots(module: Pkcs11Module): Promise<readonly FoundSlot[]> {
  await module.slotsWithToken(); // makes modules look again which tokens are there
  const found: FoundSlot[] = [];
  for (const slot of await module.slots()) {
    const info = await module.slotInfo(slot).catch(() => undefined);
    if (info === undefined) continue;
    const token = info.hasToken ? await module.tokenInfo(slot).catch(() => undefined) : undefined;
    found.push({ slot, info, token });
  }
  return found;
}

/**
 * @throws {TokenError} If it is none or several; the message lists what there is.
 */
export function chooseToken(
  slots: readonly FoundSlot[],
  choice: TokenChoice,
  log: Logger,
): FoundToken {
  const usable = slots.filter(hasInitialisedToken);
  const matching = usable.filter((slot) => matches(slot, choice));
  const [only, ...others] = matching;
  if (only === undefined) throw notFound(slots, choice);
  if (others.length > 0) throw ambiguous(matching, choice);
  const { serialNumber, slotNumber } = choice;
  if (serialNumber !== undefined && slotNumber !== undefined && slotNumber !== only.slot) {
    log.warn("The token with the serial number is in another slot than slot_number says", {
      serial_number: serialNumber.trim(),
      slot_number: slotNumber.toString(),
      found: only.slot.toString(),
    });
  }
  return only;
}

function hasInitialisedToken(slot: FoundSlot): slot is FoundToken {
  return slot.token !== undefined && isInitialised(slot.token);
}

/** NSS's databases never say that they are initialised, but that a PIN is set or none is needed. */
function isInitialised({ flags }: TokenInfo): boolean {
  const marks = CKF.TOKEN_INITIALIZED | CKF.USER_PIN_INITIALIZED;
  return (flags & marks) !== 0 || (flags & CKF.LOGIN_REQUIRED) === 0;
}

function matches(slot: FoundToken, { serialNumber, slotNumber, uri }: TokenChoice): boolean {
  if (uri !== undefined && !matchesUri(slot, uri)) return false;
  if (serialNumber !== undefined) return slot.token.serialNumber === serialNumber.trim();
  return slotNumber === undefined || slot.slot === slotNumber;
}

/** Whether a token, in its slot, is the one that a URI names. */
export function matchesUri({ slot, info, token }: FoundToken, uri: TokenUri): boolean {
  const pairs: readonly (readonly [string | bigint | undefined, string | bigint])[] = [
    [uri.token, token.label],
    [uri.serial, token.serialNumber],
    [uri.model, token.model],
    [uri.manufacturer, token.manufacturer],
    [uri.slotId, slot],
    [uri.slotDescription, info.description],
    [uri.slotManufacturer, info.manufacturer],
  ];
  return pairs.every(([wanted, found]) =>
    wanted === undefined || (typeof wanted === "string" ? wanted.trim() : wanted) === found
  );
}

function notFound(slots: readonly FoundSlot[], choice: TokenChoice): TokenError {
  const meant = slots.find(({ slot }) => slot === choice.slotNumber);
  const isMeantEmpty = meant !== undefined && !hasInitialisedToken(meant);
  if (isMeantEmpty && choice.serialNumber === undefined) {
    return new TokenError(
      "token",
      `Cannot use slot ${meant.slot}: found ${contents(meant)}, wanted an initialised token, of ` +
        `${slotList(slots)}; correct slot_number, or plug in or initialise the token`,
    );
  }
  return new TokenError(
    "slot",
    `Cannot find the token: wanted ${description(choice)}, found ${slotList(slots)}; ` +
      nextStep(slots, choice),
  );
}

function nextStep(slots: readonly FoundSlot[], choice: TokenChoice): string {
  return slots.some(hasInitialisedToken)
    ? `correct ${keysOf(choice)} after a token of the list, or plug the token in`
    : "plug a token in or initialise one, and check that this user may read its device or folder";
}

/** What chooses the token in the configuration. */
function keysOf({ serialNumber, slotNumber, uri }: TokenChoice): string {
  const keys = [
    ...(serialNumber === undefined ? [] : ["serial_number"]),
    ...(slotNumber === undefined || serialNumber !== undefined ? [] : ["slot_number"]),
    ...(uri === undefined ? [] : ["token_uri"]),
  ];
  return keys.join(" and ");
}

function ambiguous(matching: readonly FoundToken[], choice: TokenChoice): TokenError {
  return new TokenError(
    "slot",
    `Cannot choose a token: wanted ${description(choice)}, found ${slotList(matching)}; ` +
      "set serial_number, slot_number or token_uri so that one is left",
  );
}

function description({ serialNumber, slotNumber, uri }: TokenChoice): string {
  const parts = [
    ...(serialNumber === undefined ? [] : [`serial number ${quoted(serialNumber.trim())}`]),
    ...(slotNumber === undefined || serialNumber !== undefined ? [] : [`slot ${slotNumber}`]),
    ...Object.entries(uri ?? {}).map(([name, value]) =>
      `${attributeOf(name)} ${typeof value === "bigint" ? value : quoted(value)}`
    ),
  ];
  return parts.length === 0 ? "the only initialised token" : `one with ${parts.join(", ")}`;
}

/** As a URI calls it: `slot-id` for `slotId`. */
function attributeOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `slot 3: token 'gateway', serial number '0123', model 'X' of 'Y'` for each. */
export function slotList(slots: readonly FoundSlot[]): string {
  if (slots.length === 0) return "no slots";
  return slots.map((slot) => `slot ${slot.slot}: ${contents(slot)}`).join(", ");
}

function contents({ info, token }: FoundSlot): string {
  if (!info.hasToken) return "no token";
  if (token === undefined) return "a token that does not answer";
  if (!isInitialised(token)) return "an uninitialised token";
  return `token ${quoted(token.label)}, serial number ${quoted(token.serialNumber)}, ` +
    `model ${quoted(token.model)} of ${quoted(token.manufacturer)}`;
}
