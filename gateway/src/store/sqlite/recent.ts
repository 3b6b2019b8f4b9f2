// Ids of the newest calls, so that a hold with an id that was used before is known without asking the disk for every hold. Older
// repeats are refused by the table's UNIQUE constraint.
export class RecentIds {
  readonly #most: number;
  #young = new Set<string>();
  #old = new Set<string>();

  /** Remembers at least the last `most` ids, and at most twice as many. */
  constructor(most: number) {
    this.#most = most;
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id);
  }

  add(id: string): void {
    this.#young.add(id);
    if (this.#young.size < this.#most) return;
    this.#old = this.#young;
    this.#young = new Set();
  }
}
