// Who can see something of ours right now. Pages say so every 20 s, which also keeps the worker awake; while one does, streams are open.

/** A little longer than pages take to say so again. */
export const VISIBLE_MS = 30_000;

export interface Presence {
  seen: (page: object, kind: 'view' | 'tags') => void;
  gone: (page: object) => void;
  /** Views show one pairing, pages with tags may show any. */
  shows: () => 'nothing' | 'one' | 'any';
}

/** @param changed called after each change; also when a page has not said for long that it is visible */
export function createPresence(changed: () => void): Presence {
  const pages = new Map<object, { kind: 'view' | 'tags'; timer: ReturnType<typeof setTimeout> }>();

  function gone(page: object): void {
    clearTimeout(pages.get(page)?.timer);
    if (pages.delete(page)) changed();
  }

  return {
    seen: (page, kind) => {
      clearTimeout(pages.get(page)?.timer);
      pages.set(page, { kind, timer: setTimeout(() => gone(page), VISIBLE_MS) });
      changed();
    },
    gone,
    shows: () => {
      if (pages.size === 0) return 'nothing';
      return [...pages.values()].some(({ kind }) => kind === 'tags') ? 'any' : 'one';
    },
  };
}
