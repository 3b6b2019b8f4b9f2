import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import { say } from '../say.ts';
import type { Problem, Standing } from '../messages.ts';
import { contextName } from '../show/context-name.ts';
import { ProblemNote } from '../show/problem.tsx';

/** Which balance this is, always; and the others that there are, of all paired gateways. */
export function ContextPicker({ shown, standings }: { shown: Standing; standings: readonly Standing[] }): JSX.Element {
  const id = useId();
  const [problem, setProblem] = useState<Problem | null>(null);
  const choices = standings.map(({ pairing }) => ({
    pairing,
    contexts: pairing.contexts.length > 0 ? pairing.contexts : [{ id: pairing.context, kind: 'team' as const }],
  }));

  async function choose(value: string): Promise<void> {
    const place = value.split(' ').map(Number);
    const choice = choices[place[0] ?? -1];
    const context = choice?.contexts[place[1] ?? -1];
    if (choice === undefined || context === undefined) return;
    const answer = await ask('choose', { pairing: choice.pairing.id, context: context.id });
    setProblem(answer.ok ? null : answer.problem);
  }

  const chosen = choices.flatMap(({ pairing, contexts }, place) =>
    pairing.id === shown.pairing.id
      ? contexts.flatMap((context, inside) => (context.id === pairing.context ? [`${place} ${inside}`] : []))
      : [],
  );
  return (
    <>
      <div class="context">
        <label for={id} class="muted">
          {say('popup_context')}
        </label>
        <select
          id={id}
          value={chosen[0] ?? ''}
          title={shown.pairing.context}
          onChange={(event) => void choose(event.currentTarget.value)}
        >
          {choices.map(({ pairing, contexts }, place) => (
            <optgroup key={pairing.id} label={pairing.name}>
              {contexts.map((context, inside) => (
                <option key={context.id} value={`${place} ${inside}`}>
                  {contextName(context)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </div>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}
