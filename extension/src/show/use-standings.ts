import { useLayoutEffect, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { VIEW_PORT, type ToView } from '../messages.ts';
import { keptView } from './kept-view.ts';

// The worker sleeps after 30 s without a word, and the stream of the gateway with it.
const AWAKE_EVERY = 20_000;
const AGAIN_AFTER = 250;

/** What the worker knows of all gateways, as it changes: first what it kept, then what it tells; null until there is either. While this page is visible it keeps the worker awake. */
export function useStandings(): ToView | null {
  const [told, setTold] = useState<ToView | null>(null);
  // Before the first paint: the worker starts, and what it kept is read, meanwhile.
  useLayoutEffect(() => follow(setTold), []);
  return told;
}

function follow(tell: (told: ToView) => void): () => void {
  let ended = false;
  let isTold = false;
  let port = connect();
  const beat = setInterval(saySeen, AWAKE_EVERY);
  document.addEventListener('visibilitychange', saySeen);

  function connect(): ReturnType<typeof browser.runtime.connect> {
    const made = browser.runtime.connect({ name: VIEW_PORT });
    made.onMessage.addListener((message: unknown) => {
      const told = message as ToView;
      if (told.type !== 'standings') return;
      isTold = true;
      tell(told);
    });
    // The worker ended: the browser starts it again for this.
    made.onDisconnect.addListener(() => {
      if (!ended) setTimeout(() => (port = ended ? port : connect()), AGAIN_AFTER);
    });
    post(made);
    return made;
  }

  function saySeen(): void {
    post(port);
  }

  void paintKept();

  async function paintKept(): Promise<void> {
    const view = await keptView(Date.now()).catch(() => null);
    if (view !== null && !isTold && !ended) tell(view);
  }

  return () => {
    ended = true;
    clearInterval(beat);
    document.removeEventListener('visibilitychange', saySeen);
    port.disconnect();
  };
}

function post(port: { postMessage(message: unknown): void }): void {
  try {
    port.postMessage({ type: document.visibilityState === 'visible' ? 'visible' : 'hidden' });
  } catch {
    // It is closed; onDisconnect opens another.
  }
}
