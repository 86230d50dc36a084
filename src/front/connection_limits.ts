/**
 * How many connections may be open, in all and for one user.
 *
 * In all: nobody is accepted any more; the kernel's backlog holds them back until one is closed. For one user:
 * its further connections are refused at once, so that it cannot keep the others out.
 */
export interface LimitsConfig {
  readonly maxConnections: number;
  readonly maxConnectionsPerUid: number;
}

export class ConnectionLimits {
  #config: LimitsConfig;
  #open = 0;
  readonly #openByUid = new Map<number, number>();

  constructor(config: LimitsConfig) {
    this.#config = config;
  }

  set config(config: LimitsConfig) {
    this.#config = config;
  }

  /** Connections open now. */
  get open(): number {
    return this.#open;
  }

  get full(): boolean {
    return this.#open >= this.#config.maxConnections;
  }

  /** Counts a connection in; `false` if the user has had its share. */
  take(uid: number): boolean {
    const mine = this.#openByUid.get(uid) ?? 0;
    if (mine >= this.#config.maxConnectionsPerUid) return false;
    this.#openByUid.set(uid, mine + 1);
    this.#open++;
    return true;
  }

  /** Counts a connection out that was counted in. */
  release(uid: number): void {
    const left = (this.#openByUid.get(uid) ?? 0) - 1;
    // Users that are gone leave nothing behind.
    if (left > 0) this.#openByUid.set(uid, left);
    else this.#openByUid.delete(uid);
    this.#open--;
  }
}
