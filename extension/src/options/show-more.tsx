import type { JSX } from 'preact';
import { say } from '../say.ts';
import { showCount } from './show-count.ts';

/** How many lines a list shows before it is asked for more: thousands at once would make the page slow. */
export const MOST_AT_ONCE = 100;

export function ShowMore({ shown, all, onMore }: { shown: number; all: number; onMore: () => void }): JSX.Element | null {
  if (shown >= all) return null;
  return (
    <p class="actions">
      <span class="muted">{say('options_shown_of', showCount(shown), showCount(all))}</span>
      <button type="button" onClick={onMore}>
        {say('options_more', Math.min(MOST_AT_ONCE, all - shown))}
      </button>
    </p>
  );
}
