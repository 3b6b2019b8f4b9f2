// From when to when tags are shown: from the moment that there is a page to look at until it goes, or the extension does. A page that the browser
// keeps to go back to has them taken away, and gets them back with it.
import { showTags } from './show-tags.ts';

/** One of us at a time: a second start, in a page that was open before the site was switched on, ends the first. Pages cannot reach this name. */
const RUNNING = Symbol.for('tollgate.tags');
type World = typeof globalThis & { [RUNNING]?: () => void };

export function stayWithPage(): void {
  if (!(document instanceof HTMLDocument)) return;
  const world = globalThis as World;
  world[RUNNING]?.();
  const over = new AbortController();
  let leave: (() => void) | null = null;
  const start = (): void => {
    leave ??= showTags();
  };
  const stop = (): void => {
    leave?.();
    leave = null;
  };
  const end = (): void => {
    over.abort();
    stop();
  };
  world[RUNNING] = end;
  window.addEventListener('pagehide', stop, { signal: over.signal });
  window.addEventListener('pageshow', (event) => event.persisted && start(), { signal: over.signal });
  if (document.readyState === 'loading') {
    window.addEventListener('DOMContentLoaded', start, { capture: true, once: true, signal: over.signal });
  } else start();
}
