// The panel in the page: a frame of the extension in a closed shadow root. The page cannot read it nor press in it, and a copy that a
// page puts up itself gets no answer: the secret is handed to our own frame's window alone, and is in no address.
import { browser } from 'wxt/browser';
import { dress, raise } from './highlight.ts';

export interface PanelFrame {
  readonly host: HTMLElement;
  /** What the panel in it says hello with. */
  readonly secret: string;
  place(height: number, side: 'start' | 'end'): void;
  remove(): void;
}

const WIDTH = 376;
const GAP = 12;

export function openPanelFrame(): PanelFrame {
  const host = document.createElement('div');
  dress(host, {
    all: 'initial',
    position: 'fixed',
    inset: 'auto',
    'z-index': '2147483647',
    border: '0',
    margin: '0',
    padding: '0',
    overflow: 'visible',
    background: 'none',
  });
  const frame = document.createElement('iframe');
  frame.src = addressOf('point-panel.html');
  frame.title = browser.runtime.getManifest().name;
  const secret = randomSecret();
  frame.addEventListener('load', () => frame.contentWindow?.postMessage({ secret }, '*'), { once: true });
  dress(frame, {
    all: 'initial',
    display: 'block',
    width: '100%',
    height: '100%',
    border: '0',
    'border-radius': '6px',
    // A dark page has no shadow to show.
    outline: '1px solid rgb(128 128 128 / 45%)',
    'box-shadow': '0 8px 32px rgb(0 0 0 / 35%)',
    'color-scheme': 'light dark',
  });
  host.attachShadow({ mode: 'closed' }).append(frame);
  place(320, 'end');
  // Outside of a dialog that is open nothing could be pressed.
  ([...document.querySelectorAll('dialog:modal')].at(-1) ?? document.documentElement).append(host);
  raise(host);
  frame.focus();

  function place(height: number, side: 'start' | 'end'): void {
    dress(host, {
      width: `min(${WIDTH}px, calc(100vw - ${2 * GAP}px))`,
      height: `min(${Math.ceil(height)}px, calc(100vh - ${2 * GAP}px))`,
      top: `${GAP}px`,
      left: side === 'start' ? `${GAP}px` : 'auto',
      right: side === 'end' ? `${GAP}px` : 'auto',
    });
  }

  return {
    host,
    secret,
    place,
    remove: () => host.remove(),
  };
}

/** `crypto.randomUUID` is only there on pages by https. */
function randomSecret(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-');
}

/** WXT types addresses by files that it generates; ours are checked by a test that opens them. */
function addressOf(page: string): string {
  return (browser.runtime as unknown as { getURL(path: string): string }).getURL(page);
}
