import type { JSX } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { say } from '../say.ts';
import type { PointKey } from './point-messages.ts';

const KEYS: Readonly<Record<string, PointKey>> = {
  ArrowRight: 'next',
  ArrowLeft: 'previous',
  ArrowUp: 'parent',
  ArrowDown: 'child',
  Enter: 'pick',
  ' ': 'pick',
  Escape: 'stop',
};

/** What to do now. While this panel has the focus, keys point in the page: a person without a pointer gets to every element too. */
export function PointHere(given: {
  input: string | null;
  /** What the keyboard is at. */
  at: string;
  onKey: (key: PointKey) => void;
  onStop: () => void;
}): JSX.Element {
  const { input, at, onKey, onStop } = given;
  useLayoutEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const key = event.key === 'Tab' ? (event.shiftKey ? 'previous' : 'next') : KEYS[event.key];
      if (key === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      // A button of the panel that has the focus is pressed as everywhere.
      if (key === 'pick' && event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      if (key === 'stop') onStop();
      else onKey(key);
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [onKey, onStop]);
  return (
    <div class="point-here">
      <p class="what">{input === null ? say('point_target') : say('point_input', input)}</p>
      <p class="muted">{say('point_keys')}</p>
      <p role="status" class="code">
        {at}
      </p>
      <p>
        <button type="button" onClick={onStop}>
          {say(input === null ? 'point_cancel' : 'point_back')}
        </button>
      </p>
    </div>
  );
}
