// The worker, put together. Every listener is registered before anything is waited for: the browser starts it for an event and ends it at
// will, and what matters is kept in storage.
import { browser } from 'wxt/browser';
import type { Pairing } from '../messages.ts';
import { relayPointing } from '../point/relay-pointing.ts';
import { openTags } from '../pricing/open-tags.ts';
import { watchSurroundings } from '../pricing/surroundings.ts';
import { onRefreshAlarm, setAlarm } from './alarms.ts';
import { answerPages } from './answer-pages.ts';
import { keepPagesOut } from './keep-pages-out.ts';
import { listeners } from './listeners.ts';
import { mend } from './mend.ts';
import { notifyOf } from './notify.ts';
import { onPairings } from './pairings.ts';
import { acceptPorts } from './ports.ts';
import { createPresence, type Presence } from './presence.ts';
import { onSettings, settings } from './settings.ts';
import { onGrants, registerScripts, watchGrants } from './sites.ts';
import { onStanding, refresh, refreshToday, standings, watchStandings } from './standing.ts';
import { followStreams, onReceipt } from './stream.ts';
import { streamsFor } from './streams-for.ts';
import { showInToolbar } from './toolbar.ts';

const TODAY_EVERY_MS = 2_000;

export function startWorker(): void {
  const looked = listeners<[]>();
  const presence = createPresence(() => void looked.tell());
  looked.on(() => followSeen(presence));
  watchStandings();
  watchGrants();
  watchSurroundings();
  acceptPorts(presence, openTags);
  relayPointing();
  // Where something cannot be mended now, the next start tries again.
  answerPages(mend().catch((error: unknown) => console.error('tollgate:', error)));
  onRefreshAlarm(() => void refreshAll(presence));
  onPairings(async () => {
    await setAlarm();
    await followSeen(presence);
  });
  onSettings(async () => {
    await followSeen(presence);
    await showBadge();
  });
  onStanding(showBadge);
  onStanding(async (all) => notifyOf(all, await settings()));
  onReceipt((pairing) => todayLater(pairing));
  // Without its grant a gateway is not asked; with it, at once.
  onGrants(() => refreshAll(presence, 'live too'));
  browser.runtime.onStartup.addListener(() => void refreshAll(presence));
  browser.runtime.onInstalled.addListener(() => void refreshAll(presence));
  void keepPagesOut();
  void registerScripts();
  // An extension that was switched off and on again is told so by no event.
  void setAlarm();
  void showBadge();
}

/** Streams for what is seen: a view shows one pairing, a page with tags may show any. */
async function followSeen(presence: Presence): Promise<void> {
  const [all, { shown }] = await Promise.all([standings(), settings()]);
  const shows = presence.shows();
  const isSeen = ({ id }: Pairing): boolean => shows === 'any' || (shows === 'one' && id === shown);
  // A key that its gateway knows no more, and a gateway that the browser lets nobody ask, are not tried again and again.
  const asked = all.filter(({ link, problem }) => link !== 'refused' && problem?.code !== 'permission_missing');
  const seen = asked.map(({ pairing }) => pairing).filter(isSeen);
  followStreams(streamsFor(seen, shown));
}

async function refreshAll(presence: Presence, which: 'quiet ones' | 'live too' = 'quiet ones'): Promise<void> {
  await setAlarm();
  const all = (await standings()).filter(({ link }) => link !== 'refused');
  await Promise.all(
    all.map(({ pairing: { id }, link }) => (link === 'live' && which === 'quiet ones' ? refreshToday(id) : refresh(id))),
  );
  await followSeen(presence);
}

async function showBadge(): Promise<void> {
  showInToolbar(await standings(), await settings());
}

const todayDue = new Map<string, ReturnType<typeof setTimeout>>();

/** What was spent today is asked of the gateway after a charge, at most every two seconds. */
function todayLater(pairing: string): void {
  if (todayDue.has(pairing)) return;
  const timer = setTimeout(() => {
    todayDue.delete(pairing);
    void refreshToday(pairing);
  }, TODAY_EVERY_MS);
  todayDue.set(pairing, timer);
}
