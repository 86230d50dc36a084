/** What answers otherwise than it should, collected so that a step tells all of it. */
import { statusName } from "../../src/status.ts";

export class Problems {
  readonly list: string[] = [];
  readonly #expected: number;
  readonly #about: string;

  constructor(expected: number, about = "") {
    this.#expected = expected;
    this.#about = about;
  }

  add(what: string, found: number | undefined, expected = this.#expected): void {
    if (found === expected) return;
    const text = found === undefined ? "not tried" : statusName(found);
    this.list.push(`${this.#about} ${what}: ${text}, wanted ${statusName(expected)}`);
  }
}
