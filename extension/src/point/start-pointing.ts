import { browser } from 'wxt/browser';
import type { ContentScriptContext } from 'wxt/utils/content-script-context';
import { openPanelFrame } from './panel-frame.ts';
import { pickedElement } from './picked-element.ts';
import { POINT_PORT, type FromPointer, type PointFor, type ToPointer } from './point-messages.ts';
import { makePointer } from './pointer.ts';
import { watchInputs } from './watch-inputs.ts';

// The panel speaks within this time, or the browser or the page did not let it open.
const SILENT_MS = 10_000;

/**
 * One frame's part of pointing, the top frame's with the panel. It ends with the panel, with the extension, or when it is started anew,
 * and leaves nothing in the page.
 */
export function startPointing(context: ContentScriptContext): void {
  const panel = window === window.top ? openPanelFrame() : null;
  const port = browser.runtime.connect({ name: POINT_PORT });
  let isHeard = false;
  let isOver = false;
  let wanted: PointFor | null = null;
  let picked: Element | null = null;
  let stopReading = (): void => undefined;

  const tell = (message: FromPointer): void => {
    if (!isOver) port.postMessage(message);
  };
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
    if (isOver) return;
    isOver = true;
    stopReading();
    pointer.rest();
    port.disconnect();
    panel?.remove();
  }

  function hear(message: ToPointer): void {
    isHeard = true;
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

  if (panel !== null) tell({ type: 'secret', secret: panel.secret });
  port.onMessage.addListener((message: unknown) => hear(message as ToPointer));
  port.onDisconnect.addListener(end);
  context.onInvalidated(end);
  context.setTimeout(() => {
    if (!isHeard) end();
  }, SILENT_MS);
}
