import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { ask } from '../ask.ts';
import { say } from '../say.ts';
import type { Problem, Site } from '../messages.ts';
import { ProblemNote } from '../show/problem.tsx';
import { showDay } from '../show/show-time.ts';
import { useAnswer } from '../show/use-answer.ts';
import { grantPattern, originOf } from '../worker/grant-pattern.ts';
import { useTab, type TabHere } from './use-tab.ts';

/** Prices on the site of this tab: on, off, and pointing at what has none. */
export function ThisSite(): JSX.Element {
  const tab = useTab();
  const { answer, problem: unread, again } = useAnswer('sites', {});
  const [problem, setProblem] = useState<Problem | null>(null);

  async function switchOn(origin: string, granting: Promise<boolean>): Promise<void> {
    setProblem(null);
    const granted = await granting.catch(() => false);
    const answered = granted ? await ask('siteOn', { origin }) : denied(origin);
    if (!answered.ok) setProblem(answered.problem);
    again();
  }

  async function switchOff(origin: string): Promise<void> {
    const answered = await ask('siteOff', { origin });
    setProblem(answered.ok ? null : answered.problem);
    again();
  }

  const wrong = problem ?? unread;
  const site = tab === null ? undefined : answer?.sites.find(({ origin }) => origin === tab.origin);
  const isWeb = tab !== null && (tab.url === null || tab.origin !== null);
  return (
    <div class="sections site">
      {wrong === null ? null : <ProblemNote problem={wrong} />}
      {tab === null || (answer === null && wrong === null) ? <p class="muted">{say('popup_site_loading')}</p> : null}
      {tab !== null && !isWeb ? <p>{say('popup_site_not_web')}</p> : null}
      {answer !== null && tab?.url === null ? <ByAddress switchOn={switchOn} fail={setProblem} /> : null}
      {answer !== null && site === undefined && typeof tab?.origin === 'string' ? (
        <Off origin={tab.origin} isSuggested={answer.suggested.includes(tab.origin)} switchOn={switchOn} />
      ) : null}
      {site === undefined || tab === null ? null : (
        <On site={site} tab={tab} switchOn={switchOn} switchOff={switchOff} fail={setProblem} />
      )}
    </div>
  );
}

type SwitchOn = (origin: string, granting: Promise<boolean>) => Promise<void>;

/** Called in the click itself: browsers ask for nothing later. No browser warns of the two permissions. */
function grant(origin: string): Promise<boolean> {
  return browser.permissions.request({ origins: [grantPattern(origin)], permissions: ['scripting', 'activeTab'] });
}

function denied(origin: string): { ok: false; problem: Problem } {
  return { ok: false, problem: { code: 'permission_missing', message: say('popup_site_denied', hostOf(origin)) } };
}

function hostOf(origin: string): string {
  return new URL(origin).host;
}

function Off({ origin, isSuggested, switchOn }: { origin: string; isSuggested: boolean; switchOn: SwitchOn }): JSX.Element {
  return (
    <section>
      <h2>{say('popup_site_off', hostOf(origin))}</h2>
      {isSuggested ? <p>{say('popup_site_suggested')}</p> : null}
      <p class="muted">{say('popup_site_off_what')}</p>
      <button type="button" class="main" onClick={() => void switchOn(origin, grant(origin))}>
        {say('popup_site_switch_on')}
      </button>
    </section>
  );
}

function On(given: {
  site: Site;
  tab: TabHere;
  switchOn: SwitchOn;
  switchOff: (origin: string) => Promise<void>;
  fail: (problem: Problem) => void;
}): JSX.Element {
  const { site, tab, switchOn, switchOff, fail } = given;
  const host = hostOf(site.origin);
  const point = async (id: number): Promise<void> => {
    const answer = await ask('point', { tab: id });
    // What is pointed at is below this popup.
    if (answer.ok) window.close();
    else fail(answer.problem);
  };
  return (
    <section>
      <h2>{say(site.granted ? 'popup_site_on' : 'popup_site_off', host)}</h2>
      {site.granted ? (
        <p class="muted">{say('popup_site_since', showDay(site.since))}</p>
      ) : (
        <p class="low-text">{say('popup_site_ungranted', host)}</p>
      )}
      <p class="buttons">
        {site.granted ? null : (
          <button type="button" class="main" onClick={() => void switchOn(site.origin, grant(site.origin))}>
            {say('popup_site_switch_on')}
          </button>
        )}
        {site.granted && tab.id !== null ? (
          <button type="button" onClick={() => void point(tab.id ?? -1)}>
            {say('popup_site_point')}
          </button>
        ) : null}
        <button type="button" onClick={() => void switchOff(site.origin)}>
          {say('popup_site_switch_off')}
        </button>
      </p>
      {site.granted ? <p class="muted">{say('popup_site_point_what')}</p> : null}
    </section>
  );
}

function ByAddress({ switchOn, fail }: { switchOn: SwitchOn; fail: (problem: Problem) => void }): JSX.Element {
  const id = useId();
  const [text, setText] = useState('');
  const submit = (): void => {
    const trimmed = text.trim();
    const origin = originOf(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
    if (trimmed === '' || origin === undefined) fail({ code: 'input_invalid', message: say('popup_site_address_bad') });
    else void switchOn(origin, grant(origin));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p>{say('popup_site_unknown')}</p>
      <label for={id}>{say('popup_site_address')}</label>
      <div class="field">
        <input
          id={id}
          value={text}
          inputMode="url"
          dir="ltr"
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="main">
          {say('popup_site_switch_on')}
        </button>
      </div>
    </form>
  );
}
