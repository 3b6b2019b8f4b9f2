import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import type { Settings } from '../messages.ts';
import { say } from '../say.ts';
import { Moment } from '../show/moment.tsx';
import { ProblemNote } from '../show/problem.tsx';
import { readPercents } from './read-typed.ts';
import { Section } from './section.tsx';
import { useDoing } from './use-doing.ts';

const HOUR_MS = 3_600_000;
const QUIET: readonly (readonly [number, 'options_quiet_day' | 'options_quiet_week'])[] = [
  [24 * HOUR_MS, 'options_quiet_day'],
  [7 * 24 * HOUR_MS, 'options_quiet_week'],
];

/** Off by default; the browser asks for its own permission in the click that switches it on. */
export function NotificationsSection({ settings, saved }: { settings: Settings; saved: () => void }): JSX.Element {
  const doing = useDoing();
  const { notifications } = settings;
  const set = async (part: Partial<Settings['notifications']>): Promise<void> => {
    const kept = await doing.run('settings', { change: { notifications: { ...notifications, ...part } } });
    if (kept !== undefined) saved();
  };

  async function switchOn(box: HTMLInputElement): Promise<void> {
    // First of all: the browser takes the question only from the click itself.
    const granted = await browser.permissions.request({ permissions: ['notifications'] }).catch(() => false);
    if (granted) return set({ on: true });
    box.checked = false;
    return doing.say({ code: 'permission_missing', message: say('options_notifications_refused') });
  }

  const snoozed = notifications.snoozedUntil !== null && notifications.snoozedUntil > Date.now();
  return (
    <Section name="notifications" title={say('options_notifications')} about={say('options_notifications_about')}>
      <label class="choice">
        <input
          type="checkbox"
          checked={notifications.on}
          onChange={({ currentTarget }) => void (currentTarget.checked ? switchOn(currentTarget) : set({ on: false }))}
        />
        <span>{say('options_notifications_on')}</span>
      </label>
      <PercentsField percents={notifications.percents} onKeep={(percents) => void set({ percents })} />
      {notifications.on ? (
        <p class="sentence actions">
          {snoozed ? (
            <>
              <span>
                {say('options_quiet_until')} <Moment at={notifications.snoozedUntil ?? 0} />
              </span>
              <button type="button" onClick={() => void set({ snoozedUntil: null })}>
                {say('options_quiet_end')}
              </button>
            </>
          ) : (
            QUIET.map(([length, words]) => (
              <button key={words} type="button" onClick={() => void set({ snoozedUntil: Date.now() + length })}>
                {say(words)}
              </button>
            ))
          )}
        </p>
      ) : null}
      {doing.problem === null ? null : <ProblemNote problem={doing.problem} />}
    </Section>
  );
}

/** Kept once the whole list is typed. */
function PercentsField({
  percents,
  onKeep,
}: {
  percents: readonly number[];
  onKeep: (percents: readonly number[]) => void;
}): JSX.Element {
  const kept = percents.join(', ');
  const [text, setText] = useState(kept);
  const [isWrong, setWrong] = useState(false);
  const [fieldId, errorId] = [useId(), useId()];
  useEffect(() => {
    setText(kept);
    setWrong(false);
  }, [kept]);
  return (
    <p class="sentence">
      <label for={fieldId}>{say('options_percents')}</label>{' '}
      <span class="number-field wide">
        <input
          id={fieldId}
          dir="ltr"
          value={text}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? errorId : undefined}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onChange={({ currentTarget }) => {
            const read = readPercents(currentTarget.value);
            setWrong(read === undefined);
            if (read === undefined) return;
            setText(read.join(', '));
            onKeep(read);
          }}
        />
        {isWrong ? (
          <span id={errorId} class="field-error" role="alert">
            {say('options_percents_wrong')}
          </span>
        ) : null}
      </span>
    </p>
  );
}
