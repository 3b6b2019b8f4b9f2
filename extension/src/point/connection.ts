// The panel's side of pointing: it says hello with what the script that put it up handed to it, and hears the frames of its tab.
import { browser } from 'wxt/browser';
import { PANEL_PORT, type FromPanel, type ToPanel, type ToPointer } from './point-messages.ts';

export interface Connection {
  /** To one frame, or to all. */
  send(to: number | 'all', message: ToPointer): void;
  /** Frame ids in the order in which they came. */
  frames(): readonly number[];
  end(): void;
}

// The worker sleeps after 30 s without a word.
const AWAKE_EVERY_MS = 20_000;

/** `lost` where no script of ours knows this panel, and where the page, or the worker, has gone. */
export async function connect(
  frameSecret: Promise<string | undefined>,
  hear: (said: ToPanel) => void,
  lost: () => void,
): Promise<Connection | undefined> {
  const secret = await frameSecret;
  if (secret === undefined) return undefined;
  const port = browser.runtime.connect({ name: PANEL_PORT });
  const frames = new Set<number>();
  let isOver = false;
  const post = (message: FromPanel): void => {
    if (!isOver) port.postMessage(message);
  };
  const beat = setInterval(() => post({ type: 'visible' }), AWAKE_EVERY_MS);

  function end(): void {
    isOver = true;
    clearInterval(beat);
    port.disconnect();
  }

  port.onMessage.addListener((message: unknown) => {
    const said = message as ToPanel;
    frames.add(said.frame);
    hear(said);
  });
  port.onDisconnect.addListener(() => {
    end();
    lost();
  });
  post({ type: 'hello', secret });
  return { send: (to, message) => post({ type: 'to', to, message }), frames: () => [...frames], end };
}
