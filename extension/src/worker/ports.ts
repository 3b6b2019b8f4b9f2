// Ports of pages: those of the extension, which show standings, and those of content scripts, which show tags. Each says every 20 s that it
// is visible; that keeps the worker awake, and so the streams open.
import { browser } from 'wxt/browser';
import type { Browser } from 'wxt/browser';
import { VIEW_PORT, type ToView } from '../messages.ts';
import { TAGS_PORT, type ToTags } from '../tag-messages.ts';
import type { Presence } from './presence.ts';
import { onSettings, settings } from './settings.ts';
import { speakerOf, type PageFrame } from './sender.ts';
import { isOn, onSites } from './sites.ts';
import { onStanding, standings } from './standing.ts';

export type Port = Browser.runtime.Port;

/**
 * Takes over the port of a content script, on a site that is on.
 * @param early messages that came before the site was looked up
 */
export type OpenTags = (port: Port, page: PageFrame, early: readonly unknown[]) => void;

const EARLY_MOST = 100;
// Of one tab: what comes after them has no tags.
const FRAMES_MOST = 200;

const views = new Set<Port>();
const tagged = new Map<Port, PageFrame>();

/** Called once, synchronously, when the worker starts. */
export function acceptPorts(presence: Presence, openTags: OpenTags): void {
  browser.runtime.onConnect.addListener((port) => {
    const speaker = port.sender === undefined ? { is: 'stranger' as const } : speakerOf(port.sender);
    if (port.name === VIEW_PORT && speaker.is === 'page-of-ours') acceptView(port, presence);
    else if (port.name === TAGS_PORT && speaker.is === 'content') void acceptTags(port, speaker.page, presence, openTags);
    // A frame without an origin, such as a sandboxed one: told so, it does not come back.
    else if (port.name === TAGS_PORT) turnOff(port);
    // Pages speak with content scripts by ports of their own; those are none of ours.
    else if (port.name === VIEW_PORT) port.disconnect();
  });
  onStanding(tellViews);
  onSettings(tellViews);
  onSites(async () => {
    for (const [port, { origin }] of tagged) if (!(await isOn(origin))) turnOff(port);
  });
}

function acceptView(port: Port, presence: Presence): void {
  views.add(port);
  port.onMessage.addListener((message: unknown) => notePresence(port, message, 'view', presence));
  port.onDisconnect.addListener(() => {
    views.delete(port);
    presence.gone(port);
  });
  void viewNow().then((now) => post(port, now));
}

async function acceptTags(port: Port, page: PageFrame, presence: Presence, openTags: OpenTags): Promise<void> {
  let isGone = false;
  const early: unknown[] = [];
  const keep = (message: unknown): void => void (early.length < EARLY_MOST && early.push(message));
  port.onMessage.addListener(keep);
  port.onDisconnect.addListener(() => {
    isGone = true;
    tagged.delete(port);
    presence.gone(port);
  });
  const on = (await isOn(page.origin)) && framesOf(page.tab) < FRAMES_MOST;
  if (isGone) return;
  port.onMessage.removeListener(keep);
  if (!on) return turnOff(port);
  tagged.set(port, page);
  for (const message of early) notePresence(port, message, 'tags', presence);
  port.onMessage.addListener((message: unknown) => notePresence(port, message, 'tags', presence));
  openTags(port, page, early);
}

function framesOf(tab: number): number {
  return [...tagged.values()].filter((one) => one.tab === tab).length;
}

function notePresence(port: Port, message: unknown, kind: 'view' | 'tags', presence: Presence): void {
  if (typeof message !== 'object' || message === null || !('type' in message)) return;
  if (message.type === 'visible') presence.seen(port, kind);
  if (message.type === 'hidden') presence.gone(port);
}

async function tellViews(): Promise<void> {
  if (views.size === 0) return;
  const now = await viewNow();
  for (const port of views) post(port, now);
}

async function viewNow(): Promise<ToView> {
  const [all, set] = await Promise.all([standings(), settings()]);
  return { type: 'standings', standings: all, settings: set };
}

/** The page takes all of ours away. */
function turnOff(port: Port): void {
  tagged.delete(port);
  post(port, { type: 'off' } satisfies ToTags);
  port.disconnect();
}

function post(port: Port, message: ToView | ToTags): void {
  try {
    port.postMessage(message);
  } catch {
    // It has just gone; its disconnect says so too.
  }
}
