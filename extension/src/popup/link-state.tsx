import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { ask } from '../ask.ts';
import { say } from '../say.ts';
import type { Pairing, Standing } from '../messages.ts';
import { PairForm } from '../show/pair-form.tsx';
import { ProblemNote } from '../show/problem.tsx';
import { showDistance, showMoment } from '../show/show-time.ts';
import { useNow } from '../show/use-now.ts';
import { grantPattern } from '../worker/grant-pattern.ts';

/** How true the balance is: live, or its age and why, and what would help. Offline is not zero. */
export function LinkState({ standing }: { standing: Standing }): JSX.Element {
  const { link, problem, asOf, pairing } = standing;
  const now = useNow();
  const age = asOf === null ? null : showDistance(Math.min(asOf, now - 1_000), now);
  if (link === 'refused') {
    return (
      <section class="link">
        <ProblemNote problem={problem ?? { code: 'key_unknown', message: say('popup_refused_help') }}>
          {age === null ? null : <p class="muted">{say('popup_old', age)}</p>}
        </ProblemNote>
        <PairForm />
      </section>
    );
  }
  if (problem !== null || link === 'offline') {
    return (
      <section class="link">
        <ProblemNote problem={problem ?? { code: 'offline', message: say('popup_never') }}>
          {age === null ? null : <p class="muted">{say('popup_old', age)}</p>}
          {problem?.code === 'permission_missing' ? <Allow pairing={pairing} /> : <Refresh pairing={pairing.id} />}
        </ProblemNote>
      </section>
    );
  }
  if (link === 'live') {
    return (
      <p class="link muted" title={asOf === null ? undefined : say('popup_recent', showMoment(asOf))}>
        <span class="on" aria-hidden="true" />
        {say('popup_live')}
      </p>
    );
  }
  return (
    <p class="link muted row">
      <span>{age === null ? say('popup_never') : say(link === 'stale' ? 'popup_stale' : 'popup_recent', age)}</span>
      <Refresh pairing={pairing.id} />
    </p>
  );
}

/** The browser is asked in the click itself; it asks the person. */
function Allow({ pairing }: { pairing: Pairing }): JSX.Element {
  const allow = async (granting: Promise<boolean>): Promise<void> => {
    if (await granting.catch(() => false)) await ask('refresh', { pairing: pairing.id });
  };
  return (
    <button type="button" onClick={() => void allow(browser.permissions.request({ origins: [grantPattern(pairing.url)] }))}>
      {say('popup_allow', new URL(pairing.url).host)}
    </button>
  );
}

function Refresh({ pairing }: { pairing: string }): JSX.Element {
  const [busy, setBusy] = useState(false);
  const refresh = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    await ask('refresh', { pairing });
    setBusy(false);
  };
  return (
    <button type="button" class="plain" aria-disabled={busy} onClick={() => void refresh()}>
      {say(busy ? 'popup_wait' : 'popup_refresh')}
    </button>
  );
}
