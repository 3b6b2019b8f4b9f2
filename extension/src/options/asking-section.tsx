import type { JSX } from 'preact';
import { showCredits } from '@tollgate/shared/show-credits';
import type { Settings } from '../messages.ts';
import { say } from '../say.ts';
import { ProblemNote } from '../show/problem.tsx';
import { NumberField } from './number-field.tsx';
import { Section } from './section.tsx';
import { useSettings } from './use-settings.ts';

// What a threshold is at first when it is switched on.
const ABOVE = 50;
const SHARE = 10;

/** Asking before a click. Each reason is off or on by itself; the example in numbers says what it would mean. */
export function AskingSection({ settings, saved }: { settings: Settings; saved: () => void }): JSX.Element {
  const { change, problem } = useSettings(saved);
  const { ask } = settings;
  const set = (part: Partial<Settings['ask']>): void => change({ ask: { ...ask, ...part } });
  const share = ask.share ?? SHARE;
  return (
    <Section name="asking" title={say('options_asking')} about={say('options_asking_about')}>
      <fieldset>
        <legend class="unseen">{say('options_asking')}</legend>
        <div class="choice">
          <input
            id="ask-above"
            type="checkbox"
            checked={ask.above !== null}
            onChange={({ currentTarget }) => set({ above: currentTarget.checked ? ABOVE : null })}
          />
          <div>
            <label for="ask-above">{say('options_ask_above')}</label>{' '}
            <NumberField
              value={ask.above ?? ABOVE}
              least={0}
              most={1_000_000_000}
              label={say('options_ask_above_label')}
              unit={say('options_credits')}
              disabled={ask.above === null}
              onKeep={(above) => set({ above })}
            />
            <p class="muted">
              {say('options_ask_above_example', showCredits(ask.above ?? ABOVE), showCredits((ask.above ?? ABOVE) + 10))}
            </p>
          </div>
        </div>
        <div class="choice">
          <input
            id="ask-share"
            type="checkbox"
            checked={ask.share !== null}
            onChange={({ currentTarget }) => set({ share: currentTarget.checked ? SHARE : null })}
          />
          <div>
            <label for="ask-share">{say('options_ask_share')}</label>{' '}
            <NumberField
              value={share}
              least={0}
              most={100}
              label={say('options_ask_share_label')}
              unit={say('options_ask_share_after')}
              disabled={ask.share === null}
              onKeep={(kept) => set({ share: kept })}
            />
            <p class="muted">{say('options_ask_share_example', showCredits(400), showCredits((400 * share) / 100))}</p>
          </div>
        </div>
        <label class="choice">
          <input
            type="checkbox"
            checked={ask.crossing}
            onChange={({ currentTarget }) => set({ crossing: currentTarget.checked })}
          />
          <span>
            {say('options_ask_crossing')}
            <span class="muted example">{say('options_ask_crossing_example', showCredits(5), showCredits(12))}</span>
          </span>
        </label>
        <label class="choice">
          <input
            type="checkbox"
            checked={ask.refused}
            onChange={({ currentTarget }) => set({ refused: currentTarget.checked })}
          />
          <span>
            {say('options_ask_refused')}
            <span class="muted example">{say('options_ask_refused_example', showCredits(8.2), showCredits(2.1))}</span>
          </span>
        </label>
      </fieldset>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </Section>
  );
}
