import { browser } from 'wxt/browser';
import type { ContentScriptContext } from 'wxt/utils/content-script-context';
import { openPanelFrame } from './panel-frame.ts';
import { pickedElement } from './picked-element.ts';
import { POINT_PORT, type FromPointer, type PointCall, type PointFor, type PointHere, type ToPointer } from './point-messages.ts';
import { makePointer } from './pointer.ts';
import { watchInputs } from './watch-inputs.ts';

// The panel speaks within this time, or the browser or the page did not let it open.
const SILENT_MS = 10_000;

type Port = ReturnType<typeof browser.runtime.connect>;

/**
 * One frame's part of pointing, the top frame's with the panel. It ends with the panel, with the extension, or when it is started anew,
 * and leaves nothing in the page.
 */
export function startPointing(context: ContentScriptContext): void {
  const panel = window === window.top ? openPanelFrame() : null;
  let port: Port | null = null;
  let wanted: PointFor | null = null;
  let picked: Element | null = null;
  let stopReading = (): void => undefined;

  const tell = (message: FromPointer): void => port?.postMessage(message);
  const pointer = makePointer(() => panel?.host ?? null, {
    picked(element) {
      if (wanted === null) return;
      const described = pickedElement(element, wanted === 'input' ? picked : null);
      if (wanted === 'target') picked = element;
      tell(described === null ? { type: 'unreachable', for: wanted } : { type: 'picked', for: wanted, element: described });
    },
    at: (words) => tell({ type: 'at', words }),
    stopped: () => tell({ type: 'stopped' }),
    past: (backwards) => tell({ type: 'past', backwards }),
  });

  function end(): void {
    browser.runtime.onMessage.removeListener(onCall);
    browser.runtime.onConnect.removeListener(onConnect);
    stopReading();
    pointer.rest();
    port?.disconnect();
    port = null;
    panel?.remove();
  }

  function onCall(message: unknown, _sender: unknown, answer: (given: unknown) => void): undefined {
    const call = message as PointCall;
    if (call.point === 'hello' && panel !== null) answer(panel.admits(call.secret));
    if (call.point === 'who') void browser.runtime.sendMessage({ pointed: 'here' } satisfies PointHere).catch(() => undefined);
  }

  function onConnect(connected: Port): void {
    if (connected.name !== POINT_PORT) return;
    port = connected;
    connected.onDisconnect.addListener(end);
    connected.onMessage.addListener((message) => hear(message as ToPointer));
  }

  function hear(message: ToPointer): void {
    if (message.type === 'point') {
      wanted = message.for;
      pointer.start();
      tell({ type: 'pointing' });
    } else if (message.type === 'rest') pointer.rest();
    else if (message.type === 'key') pointer.key(message.key);
    else if (message.type === 'panel') panel?.place(message.height, message.side);
    else {
      stopReading();
      if (picked !== null) stopReading = watchInputs(picked, message.inputs, (inputs) => tell({ type: 'read', inputs }));
    }
  }

  browser.runtime.onMessage.addListener(onCall);
  browser.runtime.onConnect.addListener(onConnect);
  context.onInvalidated(end);
  context.setTimeout(() => {
    if (port === null) end();
  }, SILENT_MS);
}
