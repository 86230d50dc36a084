/**
 * Handles of ESYS (ESYS_TR): numbers that stand for objects, sessions and hierarchies. Branded, so that one
 * kind where another belongs does not compile.
 */
import { ESYS_TR } from "./constants.ts";

declare const kind: unique symbol;

/** A loaded object. */
export type EsysObject = number & { readonly [kind]: "object" };
/** A session, or the password pseudo-session. */
export type EsysSession = number & { readonly [kind]: "session" };
export type EsysHierarchy = number & { readonly [kind]: "hierarchy" };
/** What can have an auth value. */
export type EsysEntity = EsysObject | EsysHierarchy;

export const OWNER = ESYS_TR.RH_OWNER as EsysHierarchy;
export const ENDORSEMENT = ESYS_TR.RH_ENDORSEMENT as EsysHierarchy;
export const NULL_HIERARCHY = ESYS_TR.RH_NULL as EsysHierarchy;

/** Authorises by the bare auth value of the entity: for values that are empty or no secret. */
export const PASSWORD = ESYS_TR.PASSWORD as EsysSession;

/** Up to three sessions of a command: those that authorise come first, in the order of the handles. */
export type Sessions = readonly EsysSession[];

/** The three session arguments of an ESYS function. */
export function shandles(sessions: Sessions): readonly [number, number, number] {
  const [first = ESYS_TR.NONE, second = ESYS_TR.NONE, third = ESYS_TR.NONE] = sessions;
  return [first, second, third];
}
