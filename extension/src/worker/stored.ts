// One kept item of the browser's storage: with a version, checked when it is read, changed by one at a time. The worker is the only writer.
import { browser } from 'wxt/browser';

export interface Stored<T> {
  readonly name: string;
  readonly area: 'local' | 'session';
  get(): Promise<T>;
  /**
   * Changes it, after all changes that were asked for before. What is kept on the disk is only another once that is written.
   * @throws StorageFull where the browser has no room for a local item: the old value stays.
   */
  change(to: (now: T) => T): Promise<T>;
  /** Takes it away, after all changes that were asked for before. */
  erase(): Promise<void>;
}

export interface StoredOptions<T> {
  name: string;
  area: 'local' | 'session';
  version: number;
  fallback: T;
  /** Undefined where it cannot be read. */
  check: (value: unknown) => T | undefined;
  /** From an older version, by what was kept; undefined where that cannot be. */
  migrate?: (value: unknown, version: number) => unknown;
}

/** Thrown by a change that the browser has no room for. Nothing was changed. */
export class StorageFull extends Error {}

export const ASIDE = 'aside.';

/** What cannot be read, or comes from a newer version, is set aside under `aside.<name>` and never a crash. */
export function stored<T>(options: StoredOptions<T>): Stored<T> {
  const { name, area, version, fallback } = options;
  let known: Promise<T> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<T> {
    const raw = (await browser.storage[area].get(name))[name];
    if (raw === undefined) return fallback;
    const value = valueOf(raw, options);
    if (value !== undefined) return value;
    // Where there is no room beside, it stays where it is, and no change will be written over it.
    await write(area, { [`${ASIDE}${name}`]: raw });
    await browser.storage[area].remove(name);
    return fallback;
  }

  async function get(): Promise<T> {
    known ??= read();
    try {
      return await known;
    } catch (error) {
      known = undefined;
      if (error instanceof StorageFull) return fallback;
      throw error;
    }
  }

  async function changeNow(to: (now: T) => T): Promise<T> {
    known ??= read();
    const before = await known.catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    const after = to(before);
    if (after === before) return after;
    // The session's items are in memory anyway: who reads them need not wait for the write. Where there is no room for it, the next life of
    // the worker begins with what was written last, and asks again from there.
    if (area === 'session') known = Promise.resolve(after);
    const writing = write(area, { [name]: { version, is: after } });
    await (area === 'session' ? whereRoom(writing) : writing);
    known = Promise.resolve(after);
    return after;
  }

  function inOrder<Done>(act: () => Promise<Done>): Promise<Done> {
    const acting = last.then(act);
    last = acting.catch(() => undefined);
    return acting;
  }

  return {
    name,
    area,
    get,
    change: (to) => inOrder(() => changeNow(to)),
    erase: () =>
      inOrder(async () => {
        await browser.storage[area].remove(name);
        known = undefined;
      }),
  };
}

/** For what can be done without: false where the browser has no room for it, and it was not kept. */
export async function whereRoom(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (error instanceof StorageFull) return false;
    throw error;
  }
}

function valueOf<T>(raw: unknown, { version, check, migrate }: StoredOptions<T>): T | undefined {
  if (typeof raw !== 'object' || raw === null || !('version' in raw) || !('is' in raw)) return undefined;
  const { version: written, is } = raw;
  if (typeof written !== 'number' || written > version) return undefined;
  return check(written === version ? is : migrate?.(is, written));
}

async function write(area: 'local' | 'session', items: Record<string, unknown>): Promise<void> {
  try {
    await browser.storage[area].set(items);
  } catch (cause) {
    if (/quota|space|full/i.test(String(cause))) throw new StorageFull('the browser has no room', { cause });
    throw cause;
  }
}
