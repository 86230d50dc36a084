/** How much one answer may hold, where a request asks for an amount or for a list of keys. */
import { ResponseStatus, StatusError } from "../../status.ts";

export interface AnswerLimits {
  /** Most bytes in one answer that holds random or derived bytes, or a list of keys. */
  readonly bufferSizeLimit: number;
}

/** @throws {StatusError} ResponseTooLarge */
export function checkAnswerLength(length: number, { bufferSizeLimit }: AnswerLimits): void {
  if (length <= bufferSizeLimit) return;
  throw new StatusError(
    ResponseStatus.ResponseTooLarge,
    `Cannot answer with ${length} bytes: at most ${bufferSizeLimit}`,
  );
}
