import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { ask } from '../ask.ts';
import type { Pairing, Problem } from '../messages.ts';
import { say } from '../say.ts';
import { grantPattern } from '../worker/grant-pattern.ts';
import { readPairingText } from '../worker/pairing-text.ts';
import { browserName } from './browser-name.ts';
import { ProblemNote } from './problem.tsx';

/** One field for the pairing link. The browser is asked for the gateway's origin in the click itself, before anything else. */
export function PairForm({ paired, first = false }: { paired?: (pairing: Pairing) => void; first?: boolean }): JSX.Element {
  const field = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState<Pairing | null>(null);

  // Where it is all that there is, who opens this can paste at once.
  useLayoutEffect(() => {
    if (first) input.current?.focus();
  }, [first]);

  async function pair(): Promise<void> {
    if (busy) return;
    const read = readPairingText(text);
    if (read === undefined) return setProblem({ code: 'input_invalid', message: say('popup_pair_unread') });
    // No browser warns of the two permissions; both are needed once a site is switched on.
    const granting = browser.permissions.request({ origins: [grantPattern(read.url)], permissions: ['scripting', 'activeTab'] });
    setBusy(true);
    setProblem(null);
    const granted = await granting.catch(() => false);
    const answer = granted ? await ask('pair', { text, name: browserName(navigator.userAgent) }) : denied(read.url);
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem);
    setDone(answer.answer.pairing);
    setText('');
    paired?.(answer.answer.pairing);
  }

  return (
    <form
      class="pair"
      onSubmit={(event) => {
        event.preventDefault();
        void pair();
      }}
    >
      <label for={field}>{say('popup_pair_label')}</label>
      <div class="field">
        <input
          id={field}
          name="link"
          value={text}
          placeholder={say('popup_pair_example')}
          autocomplete="off"
          spellcheck={false}
          dir="ltr"
          maxLength={2_000}
          ref={input}
          aria-invalid={problem !== null}
          aria-describedby={`${field}-asks`}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="main" aria-disabled={busy}>
          {say(busy ? 'popup_pair_busy' : 'popup_pair_do')}
        </button>
      </div>
      {problem === null ? null : <ProblemNote problem={problem} />}
      <p id={`${field}-asks`} class="muted" role="status">
        {done === null ? say('popup_pair_asks') : say('popup_pair_done', done.name)}
      </p>
    </form>
  );
}

function denied(url: string): { ok: false; problem: Problem } {
  return { ok: false, problem: { code: 'permission_missing', message: say('popup_pair_denied', new URL(url).host) } };
}
