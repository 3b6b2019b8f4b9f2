import type { JSX } from 'preact';
import type { Badge, Settings } from '../messages.ts';
import { say, type Message } from '../say.ts';
import { ProblemNote } from '../show/problem.tsx';
import { NumberField } from './number-field.tsx';
import { Section } from './section.tsx';
import { useSettings } from './use-settings.ts';

const BADGES: readonly (readonly [Badge, Message])[] = [
  ['off', 'options_badge_off'],
  ['low', 'options_badge_low'],
  ['remaining', 'options_badge_remaining'],
  ['percent', 'options_badge_percent'],
  ['today', 'options_badge_today'],
];

export function BadgeSection({ settings, saved }: { settings: Settings; saved: () => void }): JSX.Element {
  const { change, problem } = useSettings(saved);
  return (
    <Section name="badge" title={say('options_badge')} about={say('options_badge_about')}>
      <fieldset>
        <legend class="unseen">{say('options_badge')}</legend>
        {BADGES.map(([badge, words]) => (
          <label key={badge} class="choice">
            <input
              type="radio"
              name="badge"
              value={badge}
              checked={settings.badge === badge}
              onChange={() => change({ badge })}
            />
            <span>{say(words)}</span>
          </label>
        ))}
      </fieldset>
      <p class="sentence">
        {say('options_low_before')}{' '}
        <NumberField
          value={settings.lowPercent}
          least={0}
          most={100}
          label={say('options_low_label')}
          unit={say('options_low_after')}
          onKeep={(lowPercent) => change({ lowPercent })}
        />
      </p>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </Section>
  );
}
