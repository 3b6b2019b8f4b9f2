// The card beside a tag: a frame of the extension, in our closed shadow root. What is in it the page can neither read nor press.
import { say } from '../say.ts';
import type { FromTags } from '../tag-messages.ts';
import type { Layer } from './layer.ts';
import { boxOf, elementAt, isConnected, makeElement } from './plain-dom.ts';
import { pushedInto, type Box } from './place.ts';
import type { Sign } from './sign.ts';

export type CardKind = 'price' | 'question' | 'receipt';

export interface CardFrame {
  open(sign: Sign, what: CardKind, callId?: string): void;
  /** The worker's address for it. */
  frame(key: string, what: CardKind, url: string): void;
  size(key: string, width: number, height: number): void;
  close(): void;
  /** What is open, or about to be. */
  now(): { sign: Sign; what: CardKind } | null;
  /** Whether its frame is there. */
  isOpen(): boolean;
  isUnder(x: number, y: number): boolean;
}

const WIDTH = 320;
const EDGE = 8;
const GAP = 6;
// Of what is taller, a message for one, the tag alone is kept free.
const TALL = 120;
const HEIGHT_LEAST = 96;
const SIZED_MS_MAX = 500;
const COVERED_EVERY_MS = 100;
const RAISES_MAX = 3;
const AFTER_MS = 300;

/** @param onClosed called when a question was left without an answer: by Escape, by a click beside it, because something covers it */
export function cardFrame(
  layer: Layer,
  send: (message: FromTags) => void,
  onClosed: (key: string, what: CardKind) => void,
): CardFrame {
  let current: { sign: Sign; what: CardKind } | null = null;
  let dialog: HTMLDialogElement | null = null;
  let timers: ReturnType<typeof setTimeout>[] = [];
  /** Whether the frame has said how large what it shows is. */
  let isShowing = false;

  function open(sign: Sign, what: CardKind, callId?: string): void {
    if (current?.sign === sign && current.what === what) return;
    close();
    current = { sign, what };
    send({ type: 'card', key: sign.key, what, ...(callId === undefined ? {} : { callId }) });
  }
  function frame(key: string, what: CardKind, url: string): void {
    if (current === null || current.sign.key !== key || current.what !== what) return;
    // Asked for twice while the worker woke: the newest address is the one that is good, and one that a person may be reading stays.
    if (dialog !== null) {
      if (!isShowing) dialog.querySelector('iframe')?.setAttribute('src', url);
      return;
    }
    isShowing = false;
    if (!isConnected(current.sign.anchor)) {
      close();
      return;
    }
    dialog = makeDialog(url);
    layer.root.append(dialog);
    if (what === 'question') ask(dialog, key);
    else dialog.setAttribute('open', '');
    place(WIDTH, 160);
    timers.push(setTimeout(() => dialog?.setAttribute('data-sized', ''), SIZED_MS_MAX));
  }
  function ask(shown: HTMLDialogElement, key: string): void {
    let raises = 0;
    shown.showModal();
    shown.addEventListener('cancel', (event) => {
      event.preventDefault();
      leave(key);
    });
    shown.addEventListener('click', (event) => {
      if (event.isTrusted && event.target === shown) leave(key);
    });
    // A question that cannot be seen is none: what covers it is put below it, and where it comes again the question goes.
    timers.push(
      setInterval(() => {
        if (!isCovered(shown)) return;
        raises += 1;
        if (raises > RAISES_MAX) leave(key);
        else {
          shown.close();
          shown.showModal();
        }
      }, COVERED_EVERY_MS),
    );
  }
  function isCovered(shown: HTMLDialogElement): boolean {
    if (!shown.hasAttribute('data-sized')) return false;
    const { left, top, width, height } = boxOf(shown);
    return [0.1, 0.5, 0.9].some((x) =>
      [0.1, 0.5, 0.9].some((y) => {
        const hit = elementAt(left + width * x, top + height * y);
        return hit !== null && !layer.is(hit);
      }),
    );
  }
  function leave(key: string): void {
    const what = current?.what;
    close();
    if (what !== undefined) onClosed(key, what);
  }
  function place(width: number, height: number): void {
    if (dialog === null || current === null) return;
    const screen = { left: EDGE, top: EDGE, width: innerWidth - 2 * EDGE, height: innerHeight - 2 * EDGE };
    const asked = { width: Math.min(width, screen.width), height: Math.min(height, screen.height) };
    const beside = { ...asked, ...besideAll(current.sign, asked, screen, current.what === 'question') };
    const size = { width: beside.width, height: beside.height };
    const { left, top } = pushedInto(screen, beside);
    // In the top layer by itself it stands in the viewport; in ours it stands from its zero.
    const { style } = dialog;
    style.left = `${left}px`;
    style.top = `${top}px`;
    style.width = `${size.width}px`;
    style.height = `${size.height}px`;
  }
  function close(): void {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    current = null;
    const closing = dialog;
    dialog = null;
    // Closed before it goes, so that the browser gives the focus back to where it was.
    if (closing?.open === true) closing.close();
    // The click that answered is still on its way through the frame.
    setTimeout(() => closing?.remove(), AFTER_MS);
  }

  return {
    open,
    frame,
    size: (key, width, height) => {
      if (current?.sign.key !== key || dialog === null) return;
      isShowing = true;
      place(Math.max(1, width) + 2, Math.max(1, height) + 2);
      dialog.setAttribute('data-sized', '');
    },
    close,
    now: () => current,
    isOpen: () => dialog !== null,
    isUnder: (x, y) => {
      if (dialog === null) return false;
      const { left, top, right, bottom } = boxOf(dialog);
      return x >= left - GAP && y >= top - GAP && x < right + GAP && y < bottom + GAP;
    },
  };
}

/**
 * Below the tag and its element, or above them, or at their side: what a person is about to press is not covered. Where a page is zoomed so far that
 * it fits nowhere, it is as high as the room is, and what it says is scrolled. A question has all of its height: nothing else can be pressed.
 */
function besideAll(
  sign: Sign,
  { width, height }: Pick<Box, 'width' | 'height'>,
  screen: Box,
  isQuestion: boolean,
): { left: number; top: number; height?: number } {
  const anchor = boxOf(sign.anchor);
  const drawn = sign.box ?? anchor;
  const kept = anchor.height > TALL ? drawn : anchor;
  const [left, top] = [Math.min(drawn.left, kept.left), Math.min(drawn.top, kept.top)];
  const right = Math.max(drawn.left + drawn.width, kept.left + kept.width);
  const bottom = Math.max(drawn.top + drawn.height, kept.top + kept.height);
  if (bottom + GAP + height <= screen.top + screen.height) return { left, top: bottom + GAP };
  if (top - GAP - height >= screen.top) return { left, top: top - GAP - height };
  if (right + GAP + width <= screen.left + screen.width) return { left: right + GAP, top };
  const room = { below: screen.top + screen.height - bottom - GAP, above: top - GAP - screen.top };
  const most = Math.max(room.below, room.above);
  if (left - GAP - width >= screen.left || isQuestion || most < HEIGHT_LEAST) return { left: left - GAP - width, top };
  return { left, top: room.below === most ? bottom + GAP : screen.top, height: most };
}

function makeDialog(url: string): HTMLDialogElement {
  const dialog = makeElement('dialog');
  const frame = makeElement('iframe');
  frame.title = say('tags_card');
  frame.src = url;
  dialog.setAttribute('aria-label', say('tags_card'));
  dialog.append(frame);
  return dialog;
}
