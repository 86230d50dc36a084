/**
 * One application can slow only itself: how much of a provider's slow work an application may have under way.
 *
 * A provider works on a few things at once and in order of arrival. So an application that asks for a
 * thousand slow things may only have a few of them there; the others wait here, in its own queue, and what
 * another application asks for is behind a few, not behind a thousand. What is given up while it waits here
 * is let go of at once: nobody wants it done, and its request holds memory.
 */
import type { ApplicationIdentity } from "../authenticators/authenticator.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import type { GivenUp } from "../wire/request.ts";

/** Who asks: an application, or a user of this machine who doesn't say for which one. */
export type ShareOwner = ApplicationIdentity | { readonly peerUid: number | undefined };

interface Share {
  underWay: number;
  /** In order of arrival. */
  readonly waiting: Set<() => void>;
}

export class FairShare {
  readonly #limit: number;
  /** Applications with something under way. */
  readonly #shares = new Map<string, Share>();

  /** @param limit How much an application may have under way; at least 1. */
  constructor(limit: number) {
    if (!(limit >= 1)) throw new RangeError(`Cannot share out ${limit} at a time`);
    this.#limit = limit;
  }

  /**
   * Does the work, at once if the application has a share left. Work that is done when it returns takes no
   * share.
   *
   * @param owner Who asks; those of whom nothing is known share one share.
   * @throws {StatusError} ConnectionError if it was given up before its turn; the work is not done then.
   */
  run<T>(
    owner: ShareOwner,
    work: () => MaybePromise<T>,
    givenUp?: GivenUp,
  ): MaybePromise<T> {
    const name = nameOf(owner);
    const share = this.#shares.get(name) ?? { underWay: 0, waiting: new Set() };
    if (share.underWay >= this.#limit) {
      return turnIn(share, givenUp?.()).then(() => this.#runNow(name, share, work));
    }
    const result = work();
    if (!(result instanceof Promise)) return result;
    share.underWay++;
    this.#shares.set(name, share);
    return result.finally(() => this.#release(name, share));
  }

  async #runNow<T>(name: string, share: Share, work: () => MaybePromise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#release(name, share);
    }
  }

  /** What has waited longest takes over the place of what is done. */
  #release(name: string, share: Share): void {
    const [next] = share.waiting;
    if (next !== undefined) {
      share.waiting.delete(next);
      return next();
    }
    share.underWay--;
    if (share.underWay === 0) this.#shares.delete(name);
  }
}

/** No application has the name of a user: an authentication type is a number. */
function nameOf(owner: ShareOwner): string {
  return "authType" in owner ? `${owner.authType} ${owner.name}` : `uid ${owner.peerUid}`;
}

/** Waits for a place of the share, which is taken when the promise resolves. */
function turnIn({ waiting }: Share, givenUp: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  waiting.add(resolve);
  givenUp?.addEventListener("abort", () => {
    if (!waiting.delete(resolve)) return; // its turn has come
    const message = "Cannot carry out the operation: given up before its turn";
    reject(new StatusError(ResponseStatus.ConnectionError, message));
  });
  return promise;
}
