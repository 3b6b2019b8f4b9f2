// Who sends a message. Content scripts speak for a page, and a page is not trusted; a card frame stands in a page, and may say little.
import type { Browser } from 'wxt/browser';
import { browser } from 'wxt/browser';
import { originOf } from './grant-pattern.ts';

export type Sender = Browser.runtime.MessageSender;

/** A frame of a page in a tab, in which a content script of ours runs. */
export interface PageFrame {
  tab: number;
  frame: number;
  /** Of this frame, with its port. */
  origin: string;
  url: string;
  /** Which document it is: another after each load. Its address, where the browser does not tell. */
  document: string;
}

export type Speaker =
  | { is: 'page-of-ours' }
  | { is: 'card'; tab: number; frame: number }
  /** The panel for pointing: a frame of ours in a page, which the script that put it up has to know. */
  | { is: 'panel'; tab: number }
  | { is: 'content'; page: PageFrame }
  /** Another extension, a page without an origin, or something that a later browser invents. */
  | { is: 'stranger' };

export function speakerOf({ id, url, origin: told, tab, frameId, documentId }: Sender): Speaker {
  if (id !== browser.runtime.id || url === undefined || !URL.canParse(url)) return { is: 'stranger' };
  const { protocol, pathname } = new URL(url);
  if (protocol.endsWith('-extension:')) {
    if (pathname === '/point-panel.html') return tab?.id === undefined ? { is: 'stranger' } : { is: 'panel', tab: tab.id };
    if (pathname !== '/card.html') return frameId === undefined || frameId === 0 ? { is: 'page-of-ours' } : { is: 'stranger' };
    return tab?.id === undefined || frameId === undefined ? { is: 'stranger' } : { is: 'card', tab: tab.id, frame: frameId };
  }
  const origin = originOf(told ?? url);
  if (tab?.id === undefined || frameId === undefined || origin === undefined) return { is: 'stranger' };
  // A page can go to another address without being loaded; only the tab tells where it is by then.
  const now = frameId === 0 && tab.url !== undefined && originOf(tab.url) === origin ? tab.url : url;
  return { is: 'content', page: { tab: tab.id, frame: frameId, origin, url: now, document: documentId ?? url } };
}
