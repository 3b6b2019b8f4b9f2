import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
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

/** What to do now. While it has the focus, keys point in the page: a person without a pointer gets to every element too. */
export function PointHere({
  input,
  onKey,
  onStop,
}: {
  input: string | null;
  onKey: (key: PointKey) => void;
  onStop: () => void;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), [input]);
  return (
    <div
      ref={place}
      class="point-here"
      role="application"
      tabIndex={0}
      aria-label={say('point_keys_label')}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        const key = event.key === 'Tab' ? (event.shiftKey ? 'previous' : 'next') : KEYS[event.key];
        if (key === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        if (key === 'stop') onStop();
        else onKey(key);
      }}
    >
      <p class="what">{input === null ? say('point_target') : say('point_input', input)}</p>
      <p class="muted">{say('point_keys')}</p>
      <p>
        <button type="button" onClick={onStop}>
          {say(input === null ? 'point_cancel' : 'point_back')}
        </button>
      </p>
    </div>
  );
}
