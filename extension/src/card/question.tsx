import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import { say } from '../say.ts';
import { Price, type Priced } from './price.tsx';
import { useReallyVisible } from './use-really-visible.ts';

/**
 * The question before a click. Only a person can answer: trusted events, after the question was really visible for a while; what a page
 * dispatches, or lays over it, answers nothing. Staying is always possible.
 */
export function Question({ content, nonce }: { content: Priced; nonce: string }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const stay = useRef<HTMLButtonElement>(null);
  const sight = useReallyVisible(box);
  const [notToday, setNotToday] = useState(false);
  const [done, setDone] = useState(false);
  const title = useId();

  function answer(event: Event, go: boolean): void {
    if (!event.isTrusted || done || (go && sight !== 'seen')) return;
    setDone(true);
    void ask('answer', { nonce, go, notToday: go && notToday });
  }

  const newest = useRef(answer);
  newest.current = answer;
  useEffect(() => {
    stay.current?.focus();
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') newest.current(event, false);
    };
    window.addEventListener('keydown', leave);
    return () => window.removeEventListener('keydown', leave);
  }, []);

  return (
    <div role="alertdialog" aria-labelledby={title} aria-describedby={`${title}-why`}>
      <span id={title} class="unseen">
        {content.title}
      </span>
      <Price content={content} top={box} note={done ? say('card_answered') : sight === 'covered' ? say('card_covered') : ''}>
        <p id={`${title}-why`}>{why(content)}</p>
        <label class="not-today">
          <input
            type="checkbox"
            checked={notToday}
            onChange={(event) => (event.isTrusted ? setNotToday(event.currentTarget.checked) : undefined)}
          />
          {say('card_not_today')}
        </label>
        <p class="buttons">
          <button type="button" ref={stay} onClick={(event) => answer(event, false)}>
            {say('card_stay')}
          </button>
          <button type="button" class="main" disabled={sight !== 'seen' || done} onClick={(event) => answer(event, true)}>
            {say('card_go')}
          </button>
        </p>
      </Price>
    </div>
  );
}

function why({ ask: reason, pays }: Priced): string {
  if (reason === 'crossing' && pays.some(({ kind }) => kind === 'extra')) return say('card_ask_crossing_extra');
  return say(reason === null ? 'card_ask_above' : `card_ask_${reason}`);
}
