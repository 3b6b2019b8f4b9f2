import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { say } from '../say.ts';
import type { Standing, ToView } from '../messages.ts';
import { Balance } from './balance.tsx';
import { CallView } from './call-view.tsx';
import { Calls } from './calls.tsx';
import { consoleUrl } from './console-url.ts';
import { ContextPicker } from './context-picker.tsx';
import { LinkState } from './link-state.tsx';
import { Overview } from './overview.tsx';
import { Tabs } from './tabs.tsx';
import { ThisSite } from './this-site.tsx';
import { UsageView } from './usage-view.tsx';

/** A paired gateway: the balance always, below it what the person looks at. */
export function GatewayView({ standing, told }: { standing: Standing; told: ToView }): JSX.Element {
  const { pairing, balance } = standing;
  const [tab, setTab] = useState<'overview' | 'calls' | 'usage' | 'site'>('overview');
  const [call, setCall] = useState<string | null>(null);
  const context = `${pairing.id} ${pairing.context}`;
  // A receipt of another context is none of this one's.
  useEffect(() => setCall(null), [context]);
  return (
    <>
      <header class="head">
        <Balance standing={standing} lowPercent={told.settings.lowPercent} />
        <ContextPicker shown={standing} standings={told.standings} />
        <LinkState standing={standing} />
      </header>
      <Tabs
        label={say('popup_tabs')}
        chosen={tab}
        choose={(to) => {
          setTab(to);
          setCall(null);
        }}
        tabs={[
          { id: 'overview', name: say('popup_tab_overview') },
          { id: 'calls', name: say('popup_tab_calls') },
          { id: 'usage', name: say('popup_tab_usage') },
          { id: 'site', name: say('popup_tab_site') },
        ]}
      >
        {tab === 'overview' && balance !== null ? <Overview balance={balance} standing={standing} /> : null}
        {tab === 'calls' && call === null ? <Calls key={context} standing={standing} open={setCall} /> : null}
        {tab === 'calls' && call !== null ? (
          <CallView key={call} pairing={pairing} id={call} since={standing.asOf} open={setCall} back={() => setCall(null)} />
        ) : null}
        {tab === 'usage' ? <UsageView key={context} standing={standing} /> : null}
        {tab === 'site' ? <ThisSite /> : null}
      </Tabs>
      <footer class="row">
        <a href={consoleUrl(pairing)} target="_blank" rel="noreferrer">
          {say('popup_console')}
        </a>
        <button type="button" class="plain" onClick={() => void browser.runtime.openOptionsPage()}>
          {say('popup_options')}
        </button>
      </footer>
    </>
  );
}
