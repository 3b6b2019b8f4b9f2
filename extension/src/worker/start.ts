// The worker, put together. Every listener is registered before anything is waited for: the browser starts it for an event and ends it at
// will, and what matters is kept in storage.
import { browser } from 'wxt/browser';
import type { Pairing } from '../messages.ts';
import { openTags } from '../pricing/open-tags.ts';
import { watchSurroundings } from '../pricing/surroundings.ts';
import { onRefreshAlarm, setAlarm } from './alarms.ts';
import { answerPages } from './answer-pages.ts';
import { listeners } from './listeners.ts';
import { notifyOf } from './notify.ts';
import { onPairings, pairings } from './pairings.ts';
import { acceptPorts } from './ports.ts';
import { createPresence, type Presence } from './presence.ts';
import { onSettings, settings } from './settings.ts';
import { registerScripts, watchGrants } from './sites.ts';
import { onStanding, refresh, refreshToday, standings, watchStandings } from './standing.ts';
import { followStreams, onReceipt } from './stream.ts';
import { showInToolbar } from './toolbar.ts';

const TODAY_EVERY_MS = 2_000;
const STREAMS_MOST = 8;

export function startWorker(): void {
  const looked = listeners<[]>();
  const presence = createPresence(() => void looked.tell());
  const ready = registerScripts().then(setAlarm);
  looked.on(() => followSeen(presence));
  watchStandings();
  watchGrants();
  watchSurroundings();
  acceptPorts(presence, ready, openTags);
  answerPages(ready);
  onRefreshAlarm(() => void refreshUnseen(presence));
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
  browser.runtime.onStartup.addListener(() => void refreshUnseen(presence));
  browser.runtime.onInstalled.addListener(() => void refreshUnseen(presence));
  void ready.then(showBadge);
}

/** Streams for what is seen: a view shows one pairing, a page with tags may show any. */
async function followSeen(presence: Presence): Promise<void> {
  const [all, { shown }] = await Promise.all([standings(), settings()]);
  const shows = presence.shows();
  const isSeen = ({ id }: Pairing): boolean => shows === 'any' || (shows === 'one' && id === shown);
  // A key that its gateway knows no more is not tried again and again.
  const alive = all.filter(({ link }) => link !== 'refused').map(({ pairing }) => pairing);
  followStreams(alive.filter(isSeen).slice(0, STREAMS_MOST));
}

async function refreshUnseen(presence: Presence): Promise<void> {
  await setAlarm();
  const all = await standings();
  await Promise.all(all.filter(({ link }) => link !== 'refused' && link !== 'live').map(({ pairing }) => refresh(pairing.id)));
  if ((await pairings()).length === 0) await showBadge();
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
