import { useEffect, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { VIEW_PORT, type ToView } from '../messages.ts';

// The worker sleeps after 30 s without a word, and the stream of the gateway with it.
const AWAKE_EVERY = 20_000;
const AGAIN_AFTER = 250;

/** What the worker knows of all gateways, as it changes; null until it first tells. While this page is visible it keeps the worker awake. */
export function useStandings(): ToView | null {
  const [told, setTold] = useState<ToView | null>(null);
  useEffect(() => follow(setTold), []);
  return told;
}

function follow(tell: (told: ToView) => void): () => void {
  let ended = false;
  let port = connect();
  const beat = setInterval(saySeen, AWAKE_EVERY);
  document.addEventListener('visibilitychange', saySeen);

  function connect(): ReturnType<typeof browser.runtime.connect> {
    const made = browser.runtime.connect({ name: VIEW_PORT });
    made.onMessage.addListener((message: unknown) => {
      const told = message as ToView;
      if (told.type === 'standings') tell(told);
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
