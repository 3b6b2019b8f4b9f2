import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ask } from '../ask.ts';

/** Tells how large the content is, in CSS pixels, whenever that changes; the page's side gives the frame that size. */
export function useSized(nonce: string, ready: boolean): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const content = place.current;
    if (content === null || !ready) return undefined;
    let told = '';
    const watch = new ResizeObserver(() => {
      const { width, height } = content.getBoundingClientRect();
      const size = { width: Math.ceil(width), height: Math.ceil(height) };
      const now = `${size.width} ${size.height}`;
      if (now === told) return;
      told = now;
      void ask('sized', { nonce, ...size });
    });
    watch.observe(content);
    return () => watch.disconnect();
  }, [nonce, ready]);
  return place;
}
