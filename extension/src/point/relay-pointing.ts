// Frames that point and the panel speak through the worker: in Firefox a frame in a page cannot speak to tabs by itself. The worker says who is
// who: frame and origin are the browser's word, and the panel is the one that the top frame put up, which alone knows its secret.
import type { Browser } from 'wxt/browser';
import { browser } from 'wxt/browser';
import { originOf } from '../worker/grant-pattern.ts';
import { speakerOf, type PageFrame } from '../worker/sender.ts';
import { isOn } from '../worker/sites.ts';
import { PANEL_PORT, POINT_PORT, type FromPanel, type FromPointer, type ToPanel, type ToPointer } from './point-messages.ts';

type Port = Browser.runtime.Port;

interface Pointed {
  /** Null until the top frame told it, and again once a panel has shown it. */
  secret: string | null;
  frames: Map<number, Port>;
  /** Until it is there, what frames said waits. */
  panel: Port | null;
  waiting: ToPanel[];
}

const TOP = 0;
const WAITING_MOST = 1_000;

/** Called once, synchronously, when the worker starts. Nothing is kept: where the worker ends, so does pointing, and the page is as it was. */
export function relayPointing(): void {
  const tabs = new Map<number, Pointed>();
  browser.runtime.onConnect.addListener((port) => {
    if (port.sender === undefined) return;
    const speaker = speakerOf(port.sender);
    if (port.name === POINT_PORT && speaker.is === 'content') takeFrame(tabs, port, speaker.page);
    else if (port.name === PANEL_PORT && speaker.is === 'panel') takePanel(tabs, port, speaker.tab);
    else if (port.name === POINT_PORT || port.name === PANEL_PORT) port.disconnect();
  });
}

function takeFrame(tabs: Map<number, Pointed>, port: Port, { tab, frame, origin }: PageFrame): void {
  const here = tabs.get(tab) ?? { secret: null, frames: new Map<number, Port>(), panel: null, waiting: [] };
  tabs.set(tab, here);
  here.frames.set(frame, port);
  // In the order in which it was said, once it is known whether the site is on.
  let told = isOn(origin);
  const tell = (message: FromPointer): void => {
    told = told.then((on) => {
      tellPanel(here, { frame, origin, isOn: on, message });
      return on;
    });
  };
  tell({ type: 'here' });
  port.onMessage.addListener((message: unknown) => {
    if (!isMessage(message)) return;
    const said = message as FromPointer;
    if (said.type === 'secret') {
      if (frame === TOP) here.secret = said.secret;
    } else if (isFrom(said, origin)) tell(said);
  });
  port.onDisconnect.addListener(() => {
    if (here.frames.get(frame) !== port) return;
    here.frames.delete(frame);
    if (frame === TOP || (here.frames.size === 0 && here.panel === null)) end(tabs, tab, here);
  });
}

/** What runs in a page may lie of everything else, and not of where it is: no tag is made for another site. */
function isFrom(said: FromPointer, origin: string): boolean {
  if (said.type !== 'picked') return true;
  const { element } = said as { element: unknown };
  if (typeof element !== 'object' || element === null || !('address' in element)) return false;
  const address = originOf(String(element.address));
  // A frame without an address of its own has that of no other site either.
  return address === undefined || address === origin;
}

function takePanel(tabs: Map<number, Pointed>, port: Port, tab: number): void {
  let here: Pointed | undefined;
  port.onMessage.addListener((message: unknown) => {
    if (!isMessage(message)) return undefined;
    const said = message as FromPanel;
    const known = tabs.get(tab);
    if (said.type === 'hello') {
      if (here !== undefined || known === undefined || known.secret === null || said.secret !== known.secret)
        return port.disconnect();
      here = known;
      // It is good once: a copy of the panel gets no second one.
      here.secret = null;
      here.panel = port;
      for (const one of here.waiting.splice(0)) post(port, one);
    } else if (said.type === 'to') {
      for (const [frame, other] of here?.frames ?? []) if (said.to === 'all' || said.to === frame) post(other, said.message);
    }
    return undefined;
  });
  port.onDisconnect.addListener(() => {
    if (here?.panel === port) end(tabs, tab, here);
  });
}

/** Frames and panel know by their closed ports that it is over. */
function end(tabs: Map<number, Pointed>, tab: number, here: Pointed): void {
  if (tabs.get(tab) === here) tabs.delete(tab);
  const ports = [...here.frames.values(), ...(here.panel === null ? [] : [here.panel])];
  here.frames.clear();
  here.panel = null;
  for (const port of ports) port.disconnect();
}

function tellPanel(here: Pointed, message: ToPanel): void {
  if (here.panel !== null) post(here.panel, message);
  else if (here.waiting.length < WAITING_MOST) here.waiting.push(message);
}

function isMessage(message: unknown): message is { type: unknown } {
  return typeof message === 'object' && message !== null && 'type' in message;
}

function post(port: Port, message: ToPanel | ToPointer): void {
  try {
    port.postMessage(message);
  } catch {
    // It has just gone; its disconnect says so too.
  }
}
