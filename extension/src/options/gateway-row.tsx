import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { Standing } from '../messages.ts';
import { say } from '../say.ts';
import { Moment } from '../show/moment.tsx';
import { ProblemNote } from '../show/problem.tsx';
import { Confirm } from './confirm.tsx';
import { useDoing } from './use-doing.ts';

/** `shown`: whether toolbar and popup show this one; null where it is the only one. */
export function GatewayRow(given: {
  standing: Standing;
  shown: boolean | null;
  saved: () => void;
  unpaired: (revoked: boolean) => void;
}): JSX.Element {
  const { standing, shown, saved, unpaired } = given;
  const { pairing, problem } = standing;
  const doing = useDoing();
  const [asking, setAsking] = useState(false);
  const contextId = useId();
  const isOne = (id: string): boolean => id === pairing.context;

  async function choose(context: string): Promise<void> {
    if ((await doing.run('choose', { pairing: pairing.id, context })) !== undefined) saved();
  }

  async function unpair(): Promise<void> {
    const done = await doing.run('unpair', { pairing: pairing.id });
    if (done === undefined) setAsking(false);
    else unpaired(done.revoked);
  }

  return (
    <li class="entry gateway">
      <div class="entry-head">
        <h3>{pairing.name}</h3>
        <button type="button" aria-expanded={asking} onClick={() => setAsking(true)}>
          {say('options_unpair')}
          <span class="unseen"> {pairing.name}</span>
        </button>
      </div>
      <p class="muted">
        <span dir="ltr">{pairing.url}</span> · {say('options_paired_as', pairing.user ?? pairing.organization)} ·{' '}
        {say('options_paired_since')} <Moment at={pairing.pairedAt} day />
      </p>
      <p class="sentence">
        <label for={contextId}>{say('options_context')}</label>{' '}
        <select id={contextId} onChange={({ currentTarget }) => void choose(currentTarget.value)}>
          {pairing.contexts.map(({ id, kind }) => (
            <option key={id} value={id} selected={isOne(id)}>
              {kind === 'personal' ? say('options_context_personal', id) : id}
            </option>
          ))}
        </select>
      </p>
      {shown === null ? null : (
        <label class="choice">
          <input
            type="radio"
            name="shown"
            checked={shown}
            onChange={() => void doing.run('settings', { change: { shown: pairing.id } }).then((kept) => kept && saved())}
          />
          <span>{say('options_shown')}</span>
        </label>
      )}
      {problem === null ? null : <ProblemNote problem={problem} />}
      {asking ? (
        <Confirm
          doing={say('options_unpair_do', pairing.name)}
          busy={doing.busy}
          onDo={() => void unpair()}
          onKeep={() => setAsking(false)}
        >
          <p>{say('options_unpair_what', pairing.name)}</p>
        </Confirm>
      ) : null}
      {doing.problem === null ? null : <ProblemNote problem={doing.problem} />}
    </li>
  );
}
