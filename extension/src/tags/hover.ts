// When a card opens and closes: after a moment over a tag or its element, or with the keyboard on the element; it goes with the pointer, with Escape,
// and with the focus. The page's events are only looked at.
import type { CardFrame } from './card-frame.ts';
import type { Drawing } from './drawing.ts';
import { parentOf } from './plain-dom.ts';
import type { Sign } from './sign.ts';

const OPEN_MS = 300;
const CLOSE_MS = 250;
const DEPTH_MAX = 40;

export interface Hovering {
  /** Whose card the element's hover or focus opens. */
  signOf(element: Element): Sign | undefined;
  open(sign: Sign): void;
  /** The pointer or the focus has left it. */
  left(sign: Sign): void;
}

/** @returns tells that a question took the pointer: who comes next comes anew */
export function openOnHover(
  drawing: Drawing,
  card: CardFrame,
  { signOf, open, left }: Hovering,
  signal: AbortSignal,
): () => void {
  let over: Sign | null = null;
  /** What it said when the pointer came. */
  let cameTo: string | null = null;
  let isByKeyboard = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let seen: { x: number; y: number; target: EventTarget | undefined } | null = null;
  const quietly = { capture: true, passive: true, signal };
  signal.addEventListener('abort', () => clearTimeout(timer));

  window.addEventListener(
    'pointermove',
    (event) => {
      if (!event.isTrusted || event.buttons !== 0) return;
      const isFirst = seen === null;
      seen = { x: event.clientX, y: event.clientY, target: event.composedPath()[0] };
      Object.assign(drawing.pointer, { x: event.clientX, y: event.clientY });
      if (isFirst) requestAnimationFrame(look);
    },
    quietly,
  );
  window.addEventListener('pointerout', (event) => event.relatedTarget === null && !isByKeyboard && leaveSoon(), quietly);
  window.addEventListener(
    'focusin',
    (event) => {
      const target = event.composedPath()[0];
      if (!event.isTrusted || !(target instanceof Element) || !target.matches(':focus-visible')) return;
      const sign = around(target);
      if (sign === null) return;
      isByKeyboard = true;
      enter(sign);
    },
    quietly,
  );
  window.addEventListener(
    'focusout',
    () => {
      if (!isByKeyboard) return;
      isByKeyboard = false;
      leaveSoon();
    },
    quietly,
  );
  window.addEventListener('keydown', (event) => event.key === 'Escape' && leave(), quietly);
  window.addEventListener(
    'blur',
    (event) => event.target === window && card.now()?.what !== 'question' && !isOverCard() && leave(),
    quietly,
  );
  window.addEventListener('pointerdown', () => clearTimeout(timer), quietly);

  function look(): void {
    if (seen === null) return;
    const { x, y, target } = seen;
    seen = null;
    if (card.now()?.what === 'question') return;
    const sign = drawing.signAt(x, y) ?? (target instanceof Element ? around(target) : null);
    if (sign !== null) {
      isByKeyboard = false;
      enter(sign);
    } else if (over !== null && !isByKeyboard) {
      if (card.isUnder(x, y)) clearTimeout(timer);
      else leaveSoon();
    }
  }
  function isOverCard(): boolean {
    return card.isUnder(drawing.pointer.x, drawing.pointer.y);
  }
  function around(element: Element): Sign | null {
    let each: Element | null = element;
    for (let depth = 0; each !== null && depth < DEPTH_MAX; depth += 1) {
      const sign = signOf(each);
      if (sign !== undefined) return sign;
      each = parentOf(each);
    }
    return null;
  }
  function enter(sign: Sign): void {
    if (sign === over && card.now() !== null) {
      clearTimeout(timer);
      return;
    }
    if (sign === over || sign.content === null) return;
    if (over !== null) leave();
    over = sign;
    cameTo = sign.content.text;
    clearTimeout(timer);
    timer = setTimeout(() => over === sign && sign.content !== null && open(sign), OPEN_MS);
  }
  function leaveSoon(): void {
    if (over === null) return;
    clearTimeout(timer);
    timer = setTimeout(leave, card.now() === null ? 0 : CLOSE_MS);
  }
  function leave(): void {
    clearTimeout(timer);
    const was = over;
    over = null;
    if (card.now() !== null && card.now()?.what !== 'question') card.close();
    // What came while the pointer was there was not looked for: a cost stays until somebody comes to it.
    if (was !== null && was.content?.text === cameTo) left(was);
  }
  return () => {
    over = null;
  };
}
