import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import NumberFlow from 'number-flow';
import { showCredits, UNKNOWN } from '@tollgate/shared/show-credits';
import { say } from '../say.ts';
import { odometerFormat } from './odometer-format.ts';
import { unitOf } from './amount.tsx';

// Who listens is not told each digit.
const SPOKEN_EVERY = 5_000;
const ROLL = { duration: 300, easing: 'ease-out' };

/**
 * The balance that rolls: changed digits only, for 300 ms, at once where motion is reduced. Null is unknown and a dash.
 * `tone` is `low` below the person's threshold and `old` where it is not known to be true now.
 */
export function Odometer({ credits, tone = 'plain' }: { credits: number | null; tone?: 'plain' | 'low' | 'old' }): JSX.Element {
  const place = useRef<HTMLSpanElement>(null);
  const flow = useRef<NumberFlow | null>(null);
  useLayoutEffect(() => {
    if (place.current === null || credits === null) return;
    const shown = flow.current ?? made(place.current);
    flow.current = shown;
    shown.format = odometerFormat(credits);
    shown.update(credits);
  }, [credits]);
  return (
    <div
      class={`odometer ${tone}`}
      title={credits === null ? say('show_unknown') : say('show_exactly', showCredits(credits, undefined, true))}
    >
      <span aria-hidden="true" class="digits">
        {/* What rolls is made outside of Preact, so that it lives from one number to the next. */}
        <span ref={place} hidden={credits === null} />
        {credits === null ? UNKNOWN : null}
      </span>
      {credits === null ? null : (
        <span class="unit" aria-hidden="true">
          {unitOf(credits)}
        </span>
      )}
      <output class="unseen" aria-live="polite">
        {useSpoken(credits)}
      </output>
    </div>
  );
}

function made(place: HTMLElement): NumberFlow {
  const flow = new NumberFlow();
  flow.transformTiming = ROLL;
  flow.spinTiming = ROLL;
  flow.opacityTiming = ROLL;
  place.append(flow);
  return flow;
}

/** The newest amount in words, at most once in five seconds. */
function useSpoken(credits: number | null): string {
  const text = credits === null ? say('show_unknown') : say('show_available', showCredits(credits), unitOf(credits));
  const [spoken, setSpoken] = useState(text);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + SPOKEN_EVERY - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setSpoken(text);
    }, wait);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return spoken;
}
