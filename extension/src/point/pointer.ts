// Pointing within one frame: follows pointer and keys, and takes the one real click that picks. Nothing of that click reaches the page;
// what a page makes up itself (events that are not trusted) is neither taken nor kept from it.
import { nameOf } from '../tags/plain-dom.ts';
import { labelOf } from './picked-element.ts';
import type { PointKey } from './point-messages.ts';
import { makeHighlight } from './highlight.ts';
import { into, nextPointable, outOf } from './walk.ts';

export interface Pointer {
  start(): void;
  rest(): void;
  key(key: PointKey): void;
}

export interface PointerEnds {
  picked(element: Element): void;
  /** The keyboard went to another element. */
  at(words: string): void;
  stopped(): void;
  /** The keyboard went past the last element of this frame, or before its first. */
  past(backwards: boolean): void;
}

const KEYS: Readonly<Record<string, PointKey>> = {
  ArrowRight: 'next',
  ArrowDown: 'child',
  ArrowLeft: 'previous',
  ArrowUp: 'parent',
  Enter: 'pick',
  ' ': 'pick',
  Escape: 'stop',
};
// Touches are only kept from the page: without their default there would be no click.
const KEPT = ['pointerdown', 'pointerup', 'touchstart', 'touchend'];
const STOPPED = ['mousedown', 'mouseup', 'dblclick', 'auxclick', 'contextmenu', 'dragstart', 'submit'];

/** `panel` is the host of our own panel where it is in this frame: it is not pointed at. */
export function makePointer(panel: () => Element | null, ends: PointerEnds): Pointer {
  const highlight = makeHighlight();
  let listening: AbortController | null = null;
  let at: Element | null = null;

  function show(element: Element | null): void {
    at = element;
    highlight.show(element, wordsOf(element));
  }

  function pick(element: Element | null): void {
    if (element !== null) ends.picked(element);
  }

  function go(key: PointKey): void {
    if (key === 'stop') return ends.stopped();
    if (key === 'pick') return pick(at);
    const to =
      key === 'parent'
        ? at && outOf(at)
        : key === 'child'
          ? at && into(at)
          : nextPointable(at?.isConnected === true ? at : null, key === 'previous', panel());
    if (to !== null) {
      to.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      show(to);
      ends.at(wordsOf(to));
    } else if (key === 'next' || key === 'previous') {
      show(null);
      ends.past(key === 'previous');
    }
  }

  function start(): void {
    rest();
    listening = new AbortController();
    const how = { capture: true, passive: false, signal: listening.signal };
    const on = (name: string, act: (event: Event) => void): void => {
      window.addEventListener(
        name,
        (event) => {
          if (event.isTrusted && aimed(event) !== panel()) act(event);
        },
        how,
      );
    };
    on('pointermove', (event) => {
      const element = aimed(event);
      if (element !== at) show(element);
    });
    on('pointerout', (event) => {
      if ((event as PointerEvent).relatedTarget === null) show(null);
    });
    on('click', (event) => {
      swallow(event);
      pick(aimed(event));
    });
    // A disabled button has no click, and still has a price.
    on('pointerup', (event) => {
      const element = aimed(event);
      if (element?.matches(':disabled') === true) pick(element);
    });
    for (const name of KEPT) on(name, (event) => event.stopImmediatePropagation());
    for (const name of STOPPED) on(name, swallow);
    on('keydown', (event) => {
      const { key, shiftKey, ctrlKey, altKey, metaKey } = event as KeyboardEvent;
      const known = key === 'Tab' ? (shiftKey ? 'previous' : 'next') : KEYS[key];
      if (known === undefined || ctrlKey || altKey || metaKey) return;
      swallow(event);
      go(known);
    });
    on('keyup', (event) => {
      if (KEYS[(event as KeyboardEvent).key] !== undefined) swallow(event);
    });
  }

  function rest(): void {
    listening?.abort();
    listening = null;
    at = null;
    highlight.remove();
  }

  return {
    start,
    rest,
    key: (key) => {
      if (listening !== null) go(key);
    },
  };
}

function wordsOf(element: Element | null): string {
  return element === null ? '' : `${nameOf(element)} ${labelOf(element)}`.trim();
}

/** The innermost element, in open shadow roots too. */
function aimed(event: Event): Element | null {
  const [first] = event.composedPath();
  return first instanceof Element && first !== document.documentElement ? first : null;
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}
