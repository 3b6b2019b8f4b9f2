import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { say } from '../say.ts';
import type { Standing, ToView } from '../messages.ts';
import { useStandings } from '../show/use-standings.ts';
import { FirstRun } from './first-run.tsx';
import { GatewayView } from './gateway-view.tsx';

// Longer than a worker takes to start on a slow machine.
const PATIENCE = 3_000;

/** The popup: what the worker knows is painted as soon as it tells. */
export function App(): JSX.Element {
  const told = useStandings();
  const isTold = told !== null;
  useEffect(() => {
    if (isTold) performance.mark('tollgate-interactive');
  }, [isTold]);
  if (told === null) return <Waiting />;
  const standing = shownOf(told);
  if (standing === undefined) return <FirstRun />;
  return (
    <>
      <h1 class="unseen">{say('popup_title')}</h1>
      <GatewayView key={standing.pairing.id} standing={standing} told={told} />
    </>
  );
}

function shownOf({ standings, settings }: ToView): Standing | undefined {
  return standings.find(({ pairing }) => pairing.id === settings.shown) ?? standings[0];
}

function Waiting(): JSX.Element {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <section class="waiting muted">
      <h1 class="unseen">{say('popup_title')}</h1>
      <p role="status">{say(long ? 'popup_no_worker' : 'popup_loading')}</p>
    </section>
  );
}
