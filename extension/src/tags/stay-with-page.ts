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
  let shown: ReturnType<typeof showTags> | null = null;
  const start = (): void => {
    shown ??= showTags();
  };
  const stop = (): void => {
    shown?.leave();
    shown = null;
  };
  const end = (): void => {
    over.abort();
    stop();
  };
  world[RUNNING] = end;
  // From the very beginning: who listens first is heard first, and can stop a click before the page acts on it.
  window.addEventListener('click', (event) => shown?.click(event), { capture: true, signal: over.signal });
  window.addEventListener('pagehide', stop, { signal: over.signal });
  window.addEventListener('pageshow', (event) => event.persisted && start(), { signal: over.signal });
  if (document.readyState === 'loading') {
    window.addEventListener('DOMContentLoaded', start, { capture: true, once: true, signal: over.signal });
  } else start();
}
