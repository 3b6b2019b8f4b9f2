// Sites on which tags are shown. Each is there because a person said so, and runs only while the browser grants its host; what the browser
// grants has no port, so that the worker looks again at the origin of each page that connects.
import { browser } from 'wxt/browser';
import type { Site } from '../messages.ts';
import { grantPattern, originOf } from './grant-pattern.ts';
import { listeners } from './listeners.ts';
import { sitesItem } from './storage.ts';

const SCRIPT = '/content-scripts/tags.js';
const TRY_MS = 50;
const TRIES_MOST = 40;

const changed = listeners<[]>();
/** Called when a site was switched on or off, or a grant came or went. */
export const onSites = changed.on;

export async function sites(): Promise<readonly Site[]> {
  const kept = await sitesItem.get();
  // Hundreds may be on one host, which the browser is asked of once.
  const asked = new Map<string, Promise<boolean>>();
  const grantOf = (origin: string): Promise<boolean> => {
    const pattern = grantPattern(origin);
    const answer = asked.get(pattern) ?? isGranted(origin);
    asked.set(pattern, answer);
    return answer;
  };
  return Promise.all(kept.map(async (site) => ({ ...site, granted: await grantOf(site.origin) })));
}

/** Whether tags may be shown on pages of this origin. */
export async function isOn(origin: string): Promise<boolean> {
  return (await sitesItem.get()).some((site) => site.origin === origin) && (await isGranted(origin));
}

/** Switches a site on whose host the browser was asked for before. @throws StorageFull */
export async function addSite(origin: string, now = Date.now()): Promise<Site> {
  const before = (await sitesItem.get()).find((site) => site.origin === origin);
  const site = before ?? { origin, since: now };
  await sitesItem.change((all) => (all.some((one) => one.origin === origin) ? all : [...all, site]));
  await registerScripts();
  if (before === undefined) await runInOpenTabs(origin);
  await changed.tell();
  return { ...site, granted: await isGranted(origin) };
}

/** Its pages are told to take everything of ours away. The grant is given back by who knows what else needs it. */
export function dropSite(origin: string): Promise<void> {
  return keepSites((site) => site.origin !== origin);
}

/** All at once: one by one hundreds would take a minute. */
export function dropAllSites(): Promise<void> {
  return keepSites(() => false);
}

async function keepSites(stays: (site: { origin: string }) => boolean): Promise<void> {
  await sitesItem.change((all) => all.filter(stays));
  await registerScripts();
  await changed.tell();
}

const grants = listeners<[]>();
/** Called when the browser grants something or takes it back. */
export const onGrants = grants.on;

/** Follows what the browser grants; called once, when the worker starts. */
export function watchGrants(): void {
  const look = (): void => void registerScripts().then(changed.tell).then(grants.tell);
  browser.permissions.onAdded.addListener(look);
  browser.permissions.onRemoved.addListener(look);
}

export async function isGranted(origin: string): Promise<boolean> {
  return browser.permissions.contains({ origins: [grantPattern(origin)] });
}

/** Makes the browser run the tags' script on the hosts of all sites that are on and granted, and nowhere else. */
export function registerScripts(): Promise<void> {
  // One at a time: two at once would register the same twice.
  registering = registering.then(registerNow).catch(async (error: unknown) => {
    // Taken back in the middle of it: then the browser has taken the scripts away too.
    if (await mayScript()) console.error('tollgate:', error);
  });
  return registering;
}

let registering: Promise<void> = Promise.resolve();

async function registerNow(): Promise<void> {
  if (!(await mayScript())) return;
  const granted = (await sites()).filter((site) => site.granted).map(({ origin }) => grantPattern(origin));
  const wanted = new Set(granted);
  const there = await browser.scripting.getRegisteredContentScripts();
  const gone = there.filter(({ id }) => !wanted.has(id)).map(({ id }) => id);
  if (gone.length > 0) await browser.scripting.unregisterContentScripts({ ids: gone });
  for (const { id } of there) wanted.delete(id);
  if (wanted.size === 0) return;
  await browser.scripting.registerContentScripts(
    [...wanted].map((pattern) => ({
      id: pattern,
      matches: [pattern],
      js: [SCRIPT],
      allFrames: true,
      // Before the page's own scripts: who listens for clicks first is heard first.
      runAt: 'document_start' as const,
      // Also in frames that have no address of their own.
      matchOriginAsFallback: true,
      persistAcrossSessions: true,
    })),
  );
}

export async function mayScript(): Promise<boolean> {
  if (!(await browser.permissions.contains({ permissions: ['scripting'] }))) return false;
  // What was granted a moment ago is there a moment later.
  for (let tries = 0; tries < TRIES_MOST && !hasScripting(); tries += 1) await delay(TRY_MS);
  return hasScripting();
}

function hasScripting(): boolean {
  return (browser as { scripting?: unknown }).scripting !== undefined;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Pages that are open already need not be loaded again. */
async function runInOpenTabs(origin: string): Promise<void> {
  const tabs = await browser.tabs.query({ url: grantPattern(origin) }).catch(() => []);
  await Promise.all(
    tabs
      .filter(({ url }) => originOf(url) === origin)
      .map(async ({ id }) => {
        if (id === undefined) return;
        await browser.scripting.executeScript({ target: { tabId: id, allFrames: true }, files: [SCRIPT] }).catch(() => undefined);
      }),
  );
}
