// The port to the worker. It may be killed at any moment; its port then closes, and connecting again wakes it.
import { browser } from 'wxt/browser';
import { TAGS_PORT, type FromTags, type ToTags } from '../tag-messages.ts';
import { isPageVisible } from './plain-dom.ts';

type Port = ReturnType<typeof browser.runtime.connect>;

export interface Connection {
  /** Lost where the worker is away: after `rules` all is sent again. */
  send(message: FromTags): void;
  /** Anew, as from another address. What was acted before it still gets its cost. */
  reopen(): void;
  close(): void;
}

const VISIBLE_EVERY_MS = 20_000;
const RETRY_MS_LEAST = 200;
const RETRY_MS_MAX = 30_000;
// Nobody ever answered: a frame that the extension does not speak with.
const TRIES_MAX = 6;
// A click that led to another address: its call is named and settled on the way.
const LINGER_MS = 60_000;

/** @param onEnd called where there is no extension any more to speak to */
export function connect(onMessage: (message: ToTags) => void, onEnd: () => void): Connection {
  let port: Port | null = null;
  let former: Port | null = null;
  let hasActed = false;
  let retryMs = RETRY_MS_LEAST;
  let tries = 0;
  let isClosed = false;
  let retrying: ReturnType<typeof setTimeout> | undefined;
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const alive = setInterval(() => {
    if (isPageVisible()) send({ type: 'visible' });
  }, VISIBLE_EVERY_MS);
  const onVisibility = (event: Event): void => {
    // One that the page makes up tells nothing.
    if (!event.isTrusted) return;
    if (isPageVisible() && port === null) open();
    else send({ type: isPageVisible() ? 'visible' : 'hidden' });
  };
  window.addEventListener('visibilitychange', onVisibility, { capture: true });
  open();

  function open(): void {
    clearTimeout(retrying);
    if (isClosed || port !== null) return;
    const opened = tryConnect();
    if (opened === null) {
      end();
      return;
    }
    port = opened;
    opened.onMessage.addListener((message) => {
      retryMs = RETRY_MS_LEAST;
      tries = Number.NEGATIVE_INFINITY;
      const { type } = message as ToTags;
      if (port === opened || (former === opened && (type === 'cost' || type === 'off'))) onMessage(message as ToTags);
    });
    opened.onDisconnect.addListener(() => {
      // Looked at, or the browser complains in the page's console.
      void browser.runtime.lastError;
      if (former === opened) former = null;
      if (port !== opened || isClosed) return;
      port = null;
      tries += 1;
      if (!isExtensionThere() || tries >= TRIES_MAX) end();
      else if (isPageVisible()) retry();
    });
    if (isPageVisible()) send({ type: 'visible' });
  }
  function retry(): void {
    retrying = setTimeout(open, retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
  }
  function send(message: FromTags): void {
    if (message.type === 'acted') hasActed = true;
    try {
      port?.postMessage(message);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of the extension has none
      if (message.type === 'called') former?.postMessage(message);
    } catch {
      // The port closed a moment ago; its listener is about to say so.
      return;
    }
  }
  function close(): void {
    isClosed = true;
    clearInterval(alive);
    clearTimeout(retrying);
    for (const timer of timers) clearTimeout(timer);
    window.removeEventListener('visibilitychange', onVisibility, { capture: true });
    port?.disconnect();
    former?.disconnect();
    port = null;
    former = null;
  }
  function drop(old: Port | null): void {
    old?.disconnect();
    if (former === old) former = null;
  }
  function end(): void {
    close();
    onEnd();
  }

  return {
    send,
    reopen: () => {
      const old = port;
      port = null;
      former?.disconnect();
      former = hasActed ? old : null;
      if (former !== old) old?.disconnect();
      else timers.add(setTimeout(() => drop(old), LINGER_MS));
      hasActed = false;
      open();
    },
    close,
  };
}

/** Null after the extension was updated, or removed. */
function tryConnect(): Port | null {
  try {
    return isExtensionThere() ? browser.runtime.connect({ name: TAGS_PORT }) : null;
  } catch {
    return null;
  }
}

function isExtensionThere(): boolean {
  return (browser.runtime as { id?: string } | undefined)?.id !== undefined;
}
