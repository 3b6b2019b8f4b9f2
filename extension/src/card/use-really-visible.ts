import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { sightOf } from './sight.ts';

export type Sight = 'waiting' | 'seen' | 'covered';

/** What browsers that look through pages tell beyond the standard: nothing lies over the element, and no effect changes it. */
type Entry = IntersectionObserverEntry & { isVisible?: boolean };
type Options = IntersectionObserverInit & { trackVisibility?: boolean; delay?: number };

// The least that browsers allow.
const DELAY = 100;
const STEPS = [0, 0.25, 0.5, 0.75, 0.9, 0.99, 1];

/**
 * `seen` once all of the element was visible for half a second without a break. Where the browser does not look for what covers it (Firefox),
 * the whole of it must be in view; what lies over it is then found by the content script outside.
 */
export function useReallyVisible(place: RefObject<HTMLElement | null>): Sight {
  const [sight, setSight] = useState<Sight>('waiting');
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const watch = sightOf(setSight, {
      set: (run, ms) => window.setTimeout(run, ms),
      clear: (timer) => window.clearTimeout(timer),
    });
    const options: Options = { threshold: STEPS, trackVisibility: true, delay: DELAY };
    const observer = new IntersectionObserver((entries) => {
      const last: Entry | undefined = entries.at(-1);
      if (last !== undefined) watch.look(last.intersectionRatio >= 0.99 && (last.isVisible ?? true));
    }, options);
    observer.observe(element);
    return () => {
      observer.disconnect();
      watch.end();
    };
  }, [place]);
  return sight;
}
