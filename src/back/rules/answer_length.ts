/** How much one answer may hold, where a request asks for an amount. */
import { ResponseStatus, StatusError } from "../../status.ts";

export interface AnswerLimits {
  /** Most random or derived bytes in one answer. */
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
