import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Site, ToView } from '../messages.ts';
import { say } from '../say.ts';
import { Moment } from '../show/moment.tsx';
import { ProblemNote } from '../show/problem.tsx';
import { useAnswer } from '../show/use-answer.ts';
import { AddSite } from './add-site.tsx';
import { MOST_AT_ONCE, ShowMore } from './show-more.tsx';
import { pointInTab } from './point-in-tab.ts';
import { Section } from './section.tsx';
import { switchSiteOn } from './switch-site-on.ts';
import { useDoing, type Doing } from './use-doing.ts';
import { useReturns } from './use-returns.ts';

// From so many on, a field to find one helps more than it is in the way.
const FIND_FROM = 10;

/** Where tags are shown. The browser's grant is asked for one site at a time, and given back by the button beside it. */
export function SitesSection({ told, saved }: { told: ToView; saved: () => void }): JSX.Element {
  // Each gateway may have prices for other sites.
  const paired = told.standings.map(({ pairing }) => pairing.id).join(' ');
  const { answer, problem, again } = useAnswer('sites', {}, `${useReturns()} ${paired}`);
  const doing = useDoing();
  const [find, setFind] = useState('');
  const [most, setMost] = useState(MOST_AT_ONCE);
  const sites = answer?.sites ?? [];
  const found = sites.filter(({ origin }) => origin.includes(find.trim().toLowerCase()));
  const changed = (done: unknown): void => {
    again();
    if (done !== undefined) saved();
  };
  return (
    <Section name="sites" title={say('options_sites')} about={say('options_sites_about')}>
      {answer !== null && sites.length === 0 ? <p>{say('options_sites_none')}</p> : null}
      {sites.length < FIND_FROM ? null : (
        <input
          type="search"
          class="find"
          value={find}
          aria-label={say('options_sites_find')}
          placeholder={say('options_sites_find')}
          onInput={({ currentTarget }) => setFind(currentTarget.value)}
        />
      )}
      <ul class="lines" aria-label={say('options_sites')}>
        {found.slice(0, most).map((site) => (
          <SiteRow key={site.origin} site={site} doing={doing} changed={changed} />
        ))}
      </ul>
      <ShowMore shown={Math.min(most, found.length)} all={found.length} onMore={() => setMost(most + MOST_AT_ONCE)} />
      {doing.problem === null ? null : <ProblemNote problem={doing.problem} />}
      {problem === null ? null : <ProblemNote problem={problem} />}
      <AddSite suggested={answer?.suggested ?? []} added={changed} />
    </Section>
  );
}

function SiteRow({ site, doing, changed }: { site: Site; doing: Doing; changed: (done: unknown) => void }): JSX.Element {
  return (
    <li class="entry">
      <div class="entry-head">
        <p>
          <span class="site" dir="ltr">
            {site.origin}
          </span>
          <span class="muted">
            {' '}
            · {say('options_site_since')} <Moment at={site.since} day />
          </span>
        </p>
        <span class="actions">
          {site.granted ? (
            <button type="button" onClick={() => void pointInTab(site.origin, doing)}>
              {say('options_site_point')}
              <span class="unseen"> {say('options_site_point_of', site.origin)}</span>
            </button>
          ) : (
            <button type="button" onClick={() => void switchSiteOn(site.origin, doing).then(changed)}>
              {say('options_site_again')}
              <span class="unseen"> {site.origin}</span>
            </button>
          )}
          <button type="button" onClick={() => void doing.run('siteOff', { origin: site.origin }).then(changed)}>
            {say('options_remove')}
            <span class="unseen"> {site.origin}</span>
          </button>
        </span>
      </div>
      {site.granted ? null : <p class="low-text">{say('options_site_not_granted')}</p>}
    </li>
  );
}
