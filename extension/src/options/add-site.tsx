import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { say } from '../say.ts';
import { ProblemNote } from '../show/problem.tsx';
import { siteOf } from './site-of.ts';
import { switchSiteOn } from './switch-site-on.ts';
import { useDoing } from './use-doing.ts';

/** By its address, or one of those for which a rate card has prices. */
export function AddSite({ suggested, added }: { suggested: readonly string[]; added: (done: unknown) => void }): JSX.Element {
  const doing = useDoing();
  const [text, setText] = useState('');
  const fieldId = useId();

  async function add(address: string): Promise<void> {
    const origin = siteOf(address);
    if (origin === undefined) return doing.say({ code: 'input_invalid', message: say('options_site_wrong') });
    const done = await switchSiteOn(origin, doing);
    if (done !== undefined) setText('');
    return added(done);
  }

  return (
    <>
      <form
        class="add"
        onSubmit={(event) => {
          event.preventDefault();
          void add(text);
        }}
      >
        <label for={fieldId}>{say('options_site_address')}</label>
        <div class="field">
          <input
            id={fieldId}
            value={text}
            dir="ltr"
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            placeholder="https://example.com"
            aria-invalid={doing.problem?.code === 'input_invalid'}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
          <button type="submit">{say('options_site_add')}</button>
        </div>
      </form>
      {doing.problem === null ? null : <ProblemNote problem={doing.problem} />}
      {suggested.length === 0 ? null : (
        <div class="suggested">
          <p class="muted">{say('options_sites_suggested')}</p>
          <ul class="actions">
            {suggested.map((origin) => (
              <li key={origin}>
                <button type="button" onClick={() => void add(origin)}>
                  {say('options_site_suggested', origin)}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
