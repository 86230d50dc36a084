/**
 * How much memory the messages of all connections of a transport may take.
 *
 * Requests arrive before anybody is authenticated. A small one is never held back: it costs a connection, which
 * is limited elsewhere. A larger one claims all of its announced length before it grows on, so that whoever has
 * got a claim can finish. Who gets none is not read from, so that its bytes stay with its client, until others
 * release theirs or its own deadline passes. One user holds half of the budget at most, or one request.
 *
 * Answers can't be held back: they count nevertheless, and so hold back requests.
 */

/** Bytes up to which a message counts for nothing. */
export const SMALL_MESSAGE = 64 * 1024;
/** The budget, bytes; more only if the body limit is larger, so that one request always fits. */
export const MESSAGE_MEMORY = 64 * 1024 * 1024;

export interface MemoryClaim {
  /** Whether the memory may be used: at once, or when the claim is told that there is room. */
  readonly held: boolean;
  /** Gives the memory back, or the place in the queue. Once is enough, more does no harm. */
  release(): void;
}

export class MemoryBudget {
  #limit: number;
  #held = 0;
  readonly #heldByUid = new Map<number, number>();
  /** In order of arrival. */
  readonly #waiting = new Set<Claim>();
  #admitting = false;

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes held now. */
  get held(): number {
    return this.#held;
  }

  /** Claims that wait for room. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Users that hold something. */
  get users(): number {
    return this.#heldByUid.size;
  }

  /** Makes sure that a claim of so many bytes can be granted. The budget never gets smaller. */
  fit(bytes: number): void {
    this.#limit = Math.max(this.#limit, bytes);
    this.#admit();
  }

  /** @param onRoom Called once, later, if the claim had to wait. */
  claim(uid: number, bytes: number, onRoom: () => void): MemoryClaim {
    const claim = new Claim(uid, bytes, onRoom, this.#release);
    this.#waiting.add(claim);
    if (this.#next() === claim) this.#grant(claim);
    return claim;
  }

  /** Counts memory that is in use already, whether there is room for it or not. */
  hold(uid: number, bytes: number): MemoryClaim {
    const claim = new Claim(uid, bytes, () => {}, this.#release);
    this.#grant(claim);
    return claim;
  }

  readonly #release = (claim: Claim): void => {
    this.#waiting.delete(claim);
    if (claim.held) this.#count(claim.uid, -claim.bytes);
    this.#admit();
  };

  /** A claim that is told may release others: the loop under way sees the room they leave. */
  #admit(): void {
    if (this.#admitting) return;
    this.#admitting = true;
    try {
      for (let claim = this.#next(); claim !== undefined; claim = this.#next()) {
        this.#grant(claim);
        claim.onRoom();
      }
    } finally {
      this.#admitting = false;
    }
  }

  /** Whose turn it is: users that have had their share are passed over, nobody else is. */
  #next(): Claim | undefined {
    for (const claim of this.#waiting) {
      if (this.#isBeyondShare(claim)) continue;
      return this.#held + claim.bytes <= this.#limit ? claim : undefined;
    }
    return undefined;
  }

  #isBeyondShare({ uid, bytes }: Claim): boolean {
    const mine = this.#heldByUid.get(uid) ?? 0;
    return mine > 0 && mine + bytes > this.#limit / 2;
  }

  #grant(claim: Claim): void {
    this.#waiting.delete(claim);
    claim.held = true;
    this.#count(claim.uid, claim.bytes);
  }

  #count(uid: number, bytes: number): void {
    this.#held += bytes;
    const mine = (this.#heldByUid.get(uid) ?? 0) + bytes;
    // Users that are gone leave nothing behind.
    if (mine > 0) this.#heldByUid.set(uid, mine);
    else this.#heldByUid.delete(uid);
  }
}

class Claim implements MemoryClaim {
  held = false;
  readonly uid: number;
  readonly bytes: number;
  readonly onRoom: () => void;
  readonly #onRelease: (claim: Claim) => void;
  #released = false;

  constructor(
    uid: number,
    bytes: number,
    onRoom: () => void,
    onRelease: (claim: Claim) => void,
  ) {
    this.uid = uid;
    this.bytes = bytes;
    this.onRoom = onRoom;
    this.#onRelease = onRelease;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#onRelease(this);
  }
}
