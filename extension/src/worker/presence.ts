// Who can see something of ours right now. Pages say so every 20 s, which also keeps the worker awake; while one does, streams are open.

/** A little longer than pages take to say so again. */
export const VISIBLE_MS = 30_000;

export interface Presence {
  /** @param pairings what it shows beside the shown one */
  seen: (page: object, pairings?: readonly string[]) => void;
  gone: (page: object) => void;
  isAnyone: () => boolean;
  /** Pairings that visible pages show beside the shown one. */
  watched: () => ReadonlySet<string>;
}

/** @param changed called after each change; also when a page has not said for long that it is visible */
export function createPresence(changed: () => void): Presence {
  const pages = new Map<object, { pairings: readonly string[]; timer: ReturnType<typeof setTimeout> }>();

  function gone(page: object): void {
    clearTimeout(pages.get(page)?.timer);
    if (pages.delete(page)) changed();
  }

  return {
    seen: (page, pairings) => {
      const before = pages.get(page);
      clearTimeout(before?.timer);
      pages.set(page, { pairings: pairings ?? before?.pairings ?? [], timer: setTimeout(() => gone(page), VISIBLE_MS) });
      changed();
    },
    gone,
    isAnyone: () => pages.size > 0,
    watched: () => new Set([...pages.values()].flatMap(({ pairings }) => pairings)),
  };
}
