// Reads pages of ordered rows one row ahead, for merging streams that are in the same order.
import type { Pages } from './verify.ts';

export class Cursor<T> {
  readonly #pages: AsyncIterator<readonly T[]>;
  #page: readonly T[] = [];
  #next = 0;

  private constructor(pages: Pages<T>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  static async open<T>(pages: Pages<T>): Promise<Cursor<T>> {
    const cursor = new Cursor(pages);
    await cursor.#fill();
    return cursor;
  }

  /** The next row; undefined at the end. */
  get head(): T | undefined {
    return this.#page[this.#next];
  }

  /** Goes on to the row after it. Only a page's last row has to wait for the store. */
  step(): Promise<void> | undefined {
    this.#next += 1;
    return this.#next < this.#page.length ? undefined : this.#fill();
  }

  async #fill(): Promise<void> {
    const { done, value } = await this.#pages.next();
    this.#page = done === true ? [] : value;
    this.#next = 0;
  }
}

/** The order of UTF-8 bytes, which is that of the stores; not that of JavaScript's strings. */
export function byteOrder(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
