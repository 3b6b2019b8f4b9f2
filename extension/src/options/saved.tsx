import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { say } from '../say.ts';

const SHOWN_MS = 4_000;

/** How many changes were kept, and what says that one more was. */
export function useSaved(): [number, () => void] {
  const [saved, setSaved] = useState(0);
  return [saved, useCallback(() => setSaved((before) => before + 1), [])];
}

/** Says for some seconds that the last change is kept: to eyes and, without interrupting, to ears. */
export function SavedNote({ saved }: { saved: number }): JSX.Element {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (saved === 0) return undefined;
    setShown(true);
    const timer = setTimeout(() => setShown(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [saved]);
  return (
    <p role="status" class="saved muted">
      {shown ? say('options_saved') : ''}
    </p>
  );
}
