// The frame around what is pointed at. It takes no place and no events, and its style is set on it directly: no policy of the page
// forbids that, and none of the page's rules reaches into its closed root.

export interface Highlight {
  /** Puts the frame around an element, with what it is called; null takes it away. */
  show(element: Element | null, label: string): void;
  remove(): void;
}

const EDGE = 3;

export function makeHighlight(): Highlight {
  const host = document.createElement('div');
  dress(host, {
    all: 'initial',
    position: 'fixed',
    inset: '0',
    'pointer-events': 'none',
    'z-index': '2147483647',
    border: '0',
    margin: '0',
    padding: '0',
    width: 'auto',
    height: 'auto',
    background: 'none',
    overflow: 'visible',
  });
  const root = host.attachShadow({ mode: 'closed' });
  const box = root.appendChild(document.createElement('div'));
  const words = root.appendChild(document.createElement('div'));
  // Light beside dark: seen on every page, whatever its colours.
  dress(box, {
    position: 'fixed',
    display: 'none',
    'box-sizing': 'border-box',
    border: '2px solid #0b6b5d',
    outline: '2px solid #ffffff',
    'border-radius': '6px',
    background: 'rgb(11 107 93 / 12%)',
  });
  dress(words, {
    position: 'fixed',
    display: 'none',
    font: '600 13px/20px system-ui, sans-serif',
    color: '#ffffff',
    background: '#0b6b5d',
    padding: '0 8px',
    'border-radius': '6px',
    'max-width': '320px',
    'white-space': 'nowrap',
    overflow: 'hidden',
    'text-overflow': 'ellipsis',
  });
  let shown: Element | null = null;
  let frame = 0;

  /** Follows what moves while it is shown. */
  function follow(): void {
    if (shown === null) return;
    place(box, words, shown.getBoundingClientRect());
    frame = requestAnimationFrame(follow);
  }

  return {
    show(element, label) {
      cancelAnimationFrame(frame);
      shown = element;
      words.textContent = label;
      for (const part of [box, words]) dress(part, { display: element === null ? 'none' : 'block' });
      if (element === null) return;
      if (!host.isConnected) document.documentElement.append(host);
      raise(host);
      follow();
    },
    remove() {
      cancelAnimationFrame(frame);
      shown = null;
      host.remove();
    },
  };
}

/** Sets styles one by one: a style attribute would be subject to the page's policy. */
export function dress(element: HTMLElement, styles: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value, 'important');
}

/** Above dialogs too, where the browser lets us. */
export function raise(host: HTMLElement): void {
  host.popover = 'manual';
  if (!host.matches(':popover-open')) host.showPopover();
}

function place(box: HTMLElement, words: HTMLElement, at: DOMRect): void {
  dress(box, {
    left: `${at.left - EDGE}px`,
    top: `${at.top - EDGE}px`,
    width: `${at.width + 2 * EDGE}px`,
    height: `${at.height + 2 * EDGE}px`,
  });
  const above = at.top > 28;
  dress(words, {
    left: `${Math.max(0, Math.min(at.left - EDGE, innerWidth - 330))}px`,
    top: `${above ? at.top - EDGE - 24 : Math.min(at.bottom + EDGE + 4, innerHeight - 24)}px`,
  });
}
