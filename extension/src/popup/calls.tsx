import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import { say } from '../say.ts';
import type { Calls as CallPage, Problem, Standing } from '../messages.ts';
import { Amount } from '../show/amount.tsx';
import { ProblemNote } from '../show/problem.tsx';
import { showMoment, showUtc } from '../show/show-time.ts';
import { useAnswer } from '../show/use-answer.ts';
import { useNow } from '../show/use-now.ts';
import { withNewest, withOlder } from './list-calls.ts';
import { NoCalls } from './no-calls.tsx';

const PAGE = 20;
const NONE: CallPage = { calls: [], next: null };
type Call = CallPage['calls'][number];

/** The last calls, newest first, each opening its receipt. The first page follows the balance as it changes. */
export function Calls({ standing, open }: { standing: Standing; open: (id: string) => void }): JSX.Element {
  const { pairing } = standing;
  // A call that costs nothing changes no balance, and a job goes on without one.
  const since = `${standing.asOf} ${useNow()}`;
  const first = useAnswer('calls', { pairing: pairing.id, before: null, limit: PAGE }, since);
  const [listed, setListed] = useState<CallPage>(NONE);
  const [problem, setProblem] = useState<Problem | null>(null);
  const newest = first.answer;
  useEffect(() => {
    if (newest !== null) setListed((before) => withNewest(before, newest));
  }, [newest]);

  async function more(before: string): Promise<void> {
    const answer = await ask('calls', { pairing: pairing.id, before, limit: PAGE });
    if (!answer.ok) return setProblem(answer.problem);
    setProblem(null);
    setListed((now) => withOlder(now, answer.answer));
  }

  const wrong = problem ?? first.problem;
  const { calls, next } = listed;
  return (
    <section>
      <h2 class="unseen">{say('popup_calls')}</h2>
      {wrong === null ? null : <ProblemNote problem={wrong} />}
      {first.answer === null && wrong === null ? <p class="muted">{say('popup_wait')}</p> : null}
      {first.answer?.calls.length === 0 ? <NoCalls pairing={pairing} /> : null}
      <ul class="lines calls">
        {calls.map((call) => (
          <li key={call.id}>
            <Row call={call} open={open} />
          </li>
        ))}
      </ul>
      {next === null ? null : (
        <button type="button" onClick={() => void more(next)}>
          {say('popup_calls_more')}
        </button>
      )}
    </section>
  );
}

function Row({ call, open }: { call: Call; open: (id: string) => void }): JSX.Element {
  const about = call.labels['scenario'] ?? call.labels['agent'] ?? call.labels['module'] ?? call.labels['project'];
  const at = call.endedAt ?? call.heldAt;
  return (
    <button
      type="button"
      class="call"

      onClick={() => open(call.id)}
    >
      <span class="cut">
        {call.operation}
        {about === undefined ? null : <span class="muted"> {about}</span>}
      </span>
      <span class="figure">
        <Cost call={call} />
      </span>
      <span class="cut muted">{call.reason}</span>
      <time class="figure muted" dateTime={at} title={showUtc(at)}>
        {showMoment(at)}
      </time>
    </button>
  );
}

function Cost({ call }: { call: Call }): JSX.Element {
  if (call.state === 'open') return <span class="muted">… {say('popup_calls_running')}</span>;
  if (call.state === 'released') return <span class="muted">{say('popup_calls_released')}</span>;
  return <Amount credits={call.charge} spent bare />;
}
