// Rows that were used lately, in bounded memory: when the young ones are enough, the old ones go. A row that a batch has asked for stays
// at least until the batch after the next has been loaded, because a row moves to the young ones when it is asked for.
export class Kept<T> {
  readonly #most: number;
  #young = new Map<string, T>();
  #old = new Map<string, T>();

  /** Keeps at least the last `most` rows, and at most twice as many. */
  constructor(most: number) {
    this.#most = most;
  }

  /** True where the row is here; it then stays. */
  has(id: string): boolean {
    if (this.#young.has(id)) return true;
    if (!this.#old.has(id)) return false;
    this.#young.set(id, this.#old.get(id) as T);
    return true;
  }

  get(id: string): T | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }

  set(id: string, row: T): void {
    this.#young.set(id, row);
    // An old value must not show through when the young one is null or undefined.
    if (this.#old.size > 0) this.#old.delete(id);
  }

  delete(id: string): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }

  /** Makes room, at most once a batch. */
  age(): void {
    if (this.#young.size < this.#most) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
