import { useEffect } from 'preact/hooks';
import type { Pointing } from './use-pointing.ts';

const TOP = 0;

/** The frame is as high as what is in it, and where the person wants it. */
export function usePanelSize({ state, send }: Pointing, side: 'start' | 'end'): void {
  useEffect(() => {
    if (state !== 'ready') return undefined;
    const tell = (): void => send(TOP, { type: 'panel', height: document.documentElement.offsetHeight, side });
    const watch = new ResizeObserver(tell);
    watch.observe(document.documentElement);
    tell();
    return () => watch.disconnect();
  }, [state, send, side]);
}
