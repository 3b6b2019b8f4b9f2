// The panel's side of pointing: it proves to the top frame that it is the panel which that frame put up, and opens a port to each frame.
import { browser } from 'wxt/browser';
import { POINT_PORT, type FromPointer, type PointCall, type PointHere, type ToPointer } from './point-messages.ts';

export interface Connection {
  /** To one frame, or to all. */
  send(to: number | 'all', message: ToPointer): void;
  /** Frame ids in the order in which they answered. */
  frames(): readonly number[];
  end(): void;
}

export interface Heard {
  frame: number;
  /** The frame's origin with its port, as the browser tells it. */
  origin: string;
  message: FromPointer;
}

const TOP = 0;

/** Undefined where no content script of ours knows this panel: a page that opens it by itself gets nothing. */
export async function connect(
  frameSecret: Promise<string | undefined>,
  hear: (heard: Heard) => void,
  lost: () => void,
): Promise<Connection | undefined> {
  const secret = await frameSecret;
  const tab = (await browser.tabs.getCurrent())?.id;
  if (secret === undefined || tab === undefined) return undefined;
  const admitted: unknown = await browser.tabs
    .sendMessage(tab, { point: 'hello', secret } satisfies PointCall, { frameId: TOP })
    .catch(() => false);
  if (admitted !== true) return undefined;
  const ports = new Map<number, ReturnType<typeof browser.tabs.connect>>();

  browser.runtime.onMessage.addListener((message: unknown, sender): undefined => {
    const { frameId } = sender;
    if ((message as Partial<PointHere>).pointed !== 'here' || sender.tab?.id !== tab || frameId === undefined) return;
    if (sender.id !== browser.runtime.id || ports.has(frameId)) return;
    const port = browser.tabs.connect(tab, { name: POINT_PORT, frameId });
    const origin = sender.url === undefined ? '' : (URL.parse(sender.url)?.origin ?? '');
    ports.set(frameId, port);
    port.onMessage.addListener((said: unknown) => hear({ frame: frameId, origin, message: said as FromPointer }));
    port.onDisconnect.addListener(() => {
      ports.delete(frameId);
      if (frameId === TOP) lost();
    });
    hear({ frame: frameId, origin, message: { type: 'here' } });
  });
  await browser.tabs.sendMessage(tab, { point: 'who' } satisfies PointCall).catch(() => undefined);

  return {
    send(to, message) {
      for (const [frame, port] of ports) if (to === 'all' || to === frame) port.postMessage(message);
    },
    frames: () => [...ports.keys()],
    end() {
      for (const port of ports.values()) port.disconnect();
    },
  };
}
