import type { JSX } from 'preact';
import { say, type Message } from '../say.ts';
import { useStandings } from '../show/use-standings.ts';
import { AskingSection } from './asking-section.tsx';
import { BadgeSection } from './badge-section.tsx';
import { GatewaysSection } from './gateways-section.tsx';
import { KeptSection } from './kept-section.tsx';
import { NotificationsSection } from './notifications-section.tsx';
import { OwnTagsSection } from './own-tags-section.tsx';
import { SavedNote, useSaved } from './saved.tsx';
import { SitesSection } from './sites-section.tsx';

const SECTIONS = ['gateways', 'sites', 'badge', 'notifications', 'asking', 'tags', 'kept'] as const;
const TITLES: Readonly<Record<(typeof SECTIONS)[number], Message>> = {
  gateways: 'options_gateways',
  sites: 'options_sites',
  badge: 'options_badge',
  notifications: 'options_notifications',
  asking: 'options_asking',
  tags: 'options_tags',
  kept: 'options_kept',
};

/** All that a person sets. Whatever is changed is kept at once, and said so quietly; what could not be kept is said beside it. */
export function OptionsPage(): JSX.Element {
  const told = useStandings();
  const [saved, markSaved] = useSaved();
  return (
    <>
      <header class="top">
        <h1>{say('options_title')}</h1>
        <SavedNote saved={saved} />
      </header>
      <div class="columns">
        <nav aria-label={say('options_sections')}>
          <ul>
            {SECTIONS.map((name) => (
              <li key={name}>
                <a href={`#${name}`}>{say(TITLES[name])}</a>
              </li>
            ))}
          </ul>
        </nav>
        <main aria-busy={told === null}>
          {told === null ? (
            <p class="muted">{say('options_loading')}</p>
          ) : (
            <>
              <GatewaysSection told={told} saved={markSaved} />
              <SitesSection told={told} saved={markSaved} />
              <BadgeSection settings={told.settings} saved={markSaved} />
              <NotificationsSection settings={told.settings} saved={markSaved} />
              <AskingSection settings={told.settings} saved={markSaved} />
              <OwnTagsSection told={told} saved={markSaved} />
              <KeptSection told={told} />
            </>
          )}
        </main>
      </div>
    </>
  );
}
