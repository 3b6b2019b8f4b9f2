// Signs over the page: each frame in which something may have moved follows what moved; then, in slices, a look at the page finds places, what is
// covered, and the colours there. Nothing here changes the page or its layout.
import { clippingOf, viewThrough } from './clipping.ts';
import { coloursOfSign } from './colours.ts';
import { coloursReader } from './colours-there.ts';
import { isFree, isSeen } from './free-place.ts';
import type { Layer } from './layer.ts';
import { boxAt, choosePlace, overlaps, within, type Box, type Side } from './place.ts';
import { boxOf, elementAt, isConnected, isPageVisible, isWithin, makeElement, pageElement, parentOf } from './plain-dom.ts';
import type { Sign } from './sign.ts';
import { paced } from './slices.ts';

export interface Drawing {
  add(sign: Sign): void;
  remove(sign: Sign): void;
  /** Its element was made anew: it stays as it is, beside the new one. */
  move(sign: Sign, anchor: Element): void;
  /** Nothing to say any more. */
  blank(sign: Sign): void;
  /** Something may move for so long, or has moved. */
  stir(ms?: number): void;
  /** The sign that is drawn at a point of the viewport. */
  signAt(x: number, y: number): Sign | null;
  /** Whose sign must not go elsewhere now. */
  pointer: { x: number; y: number };
}

const DRAWN_MAX = 500;
const BLOCKED_MS_MAX = 1_000;
const LOOK_MS_LEAST = 60;
const STILL_MS = 1_000;
const LOST_MS_MAX = 200;

/** @param onNear called when a sign's anchor comes near what is on screen */
export function openDrawing(layer: Layer, signal: AbortSignal, onNear: (sign: Sign) => void): Drawing {
  const near = new Set<Sign>();
  const byAnchor = new Map<Element, Set<Sign>>();
  const pointer = { x: -1, y: -1 };
  const probe = layer.root.appendChild(makeElement('i'));
  let movingUntil = 0;
  let frame = 0;
  const look = paced(lookAround, signal, LOOK_MS_LEAST);

  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        // What a page has just taken out may be made anew; what it was is drawn for a moment more.
        if (!isConnected(target)) continue;
        for (const sign of byAnchor.get(target) ?? []) {
          sign.isNear = isIntersecting;
          if (isIntersecting) near.add(sign);
          else if (near.delete(sign)) hide(sign);
          if (isIntersecting) onNear(sign);
        }
      }
      stir();
    },
    { rootMargin: '200px' },
  );
  const still = setInterval(() => {
    if (isPageVisible() && near.size > 0) stir();
  }, STILL_MS);
  signal.addEventListener('abort', () => {
    sight.disconnect();
    clearInterval(still);
    cancelAnimationFrame(frame);
  });

  function join(sign: Sign): void {
    const others = byAnchor.get(sign.anchor);
    byAnchor.set(sign.anchor, (others ?? new Set()).add(sign));
    // What is observed already tells nothing to who comes later.
    if (others !== undefined) sight.unobserve(sign.anchor);
    sight.observe(sign.anchor);
  }
  function part(sign: Sign): void {
    const signs = byAnchor.get(sign.anchor);
    signs?.delete(sign);
    if (signs?.size !== 0) return;
    byAnchor.delete(sign.anchor);
    sight.unobserve(sign.anchor);
  }

  function stir(ms = 0): void {
    movingUntil = Math.max(movingUntil, performance.now() + ms);
    if (frame === 0 && !signal.aborted) frame = requestAnimationFrame(follow);
  }

  function follow(): void {
    frame = 0;
    const now = performance.now();
    if (draw()) movingUntil = Math.max(movingUntil, now + 50);
    if (now < movingUntil) frame = requestAnimationFrame(follow);
    look();
  }

  /** All reading first, then all writing. @returns whether something is not where it was */
  function draw(): boolean {
    const [zero, screen] = [layer.zero(), screenBox()];
    const boxes = new Map<Element, Box>();
    const drawn = [...near].slice(0, DRAWN_MAX).filter((sign) => sign.content !== null);
    const now = performance.now();
    let hasMoved = false;
    for (const sign of drawn) {
      const anchor = boxOfAnchor(sign);
      if (anchor === null) {
        // Pages that redraw make it anew within a moment.
        if (now - (sign.lostAt ??= now) > LOST_MS_MAX) sign.box = null;
        hasMoved ||= sign.box !== null;
        continue;
      }
      sign.lostAt = null;
      const at = `${Math.round(anchor.left - zero.left)} ${Math.round(anchor.top - zero.top)} ${anchor.width} ${anchor.height}`;
      hasMoved ||= at !== sign.movedTo || sign.size === null;
      sign.movedTo = at;
      sign.box = boxOfSign(sign, anchor, viewThrough(sign.clips, screen, boxes));
    }
    for (const sign of drawn) write(sign, zero);
    return hasMoved;
  }

  function* lookAround(): Generator<undefined, void> {
    const signs = [...near].slice(0, DRAWN_MAX).filter((sign) => sign.content !== null);
    for (const sign of signs) {
      if (sign.size === null && sign.element !== null) {
        sign.size = { width: Math.ceil(sign.element.offsetWidth), height: sign.element.offsetHeight };
      }
    }
    yield;
    const colours = coloursReader(probe);
    for (const sign of signs) {
      if (sign.element?.isConnected === true) place(sign, signs, colours);
      yield;
    }
    requestAnimationFrame(() => !signal.aborted && draw() && stir());
  }

  function place(sign: Sign, others: readonly Sign[], colours: ReturnType<typeof coloursReader>): void {
    const element = boxOfAnchor(sign);
    if (sign.size === null || element === null) return;
    sign.clips = clippingOf(sign.anchor);
    const view = viewThrough(sign.clips, screenBox(), new Map());
    // Below a card of ours it is what it was.
    sign.isSeen = overlaps(element, view) && isSeen(sign.anchor, element, view, (hit) => sign.isSeen && layer.is(hit));
    if (!sign.isSeen) return;
    sign.rightToLeft = getComputedStyle(sign.anchor).direction === 'rtl';
    const placing = { element, sign: sign.size, view, rightToLeft: sign.rightToLeft, kept: sign.side };
    const taken = others.flatMap((other) => (other !== sign && other.box !== null ? [other.box] : []));
    const free = (box: Box, side: Side): boolean =>
      !taken.some((other) => overlaps(other, box)) && isFree(box, sign.anchor, layer.is, side === 'edge');
    const now = performance.now();
    if (sign.side === null) {
      ({ side: sign.side, box: sign.box } = choosePlace(placing, free));
      sign.placedAt = sign.movedTo;
    } else {
      const box = boxAt(sign.side, placing);
      const fine = sign.side === 'corner' ? sign.placedAt === sign.movedTo : within(box, view) && free(box, sign.side);
      sign.blockedSince = fine ? null : (sign.blockedSince ?? now);
      const mayGo = !fine && !isUnder(pointer, box);
      if (mayGo && (sign.placedAt !== sign.movedTo || now - (sign.blockedSince ?? now) >= BLOCKED_MS_MAX)) {
        ({ side: sign.side, box: sign.box } = choosePlace(placing, free));
        sign.blockedSince = null;
        sign.placedAt = sign.movedTo;
      }
    }
    const there = boxAt(sign.side, placing);
    const below = elementAt(there.left + there.width / 2, there.top + there.height / 2);
    const beside = below === null || layer.is(below) || isWithin(below, sign.anchor) ? parentOf(sign.anchor) : below;
    const { background, text } = colours(beside ?? sign.anchor);
    sign.colours = coloursOfSign(background, text, sign.content?.tone ?? 'plain');
  }

  return {
    add: join,
    move: (sign, anchor) => {
      part(sign);
      sign.anchor = anchor;
      join(sign);
      stir();
    },
    remove: (sign) => {
      part(sign);
      near.delete(sign);
      sign.element?.remove();
    },
    blank: (sign) => {
      sign.content = null;
      hide(sign);
    },
    stir,
    signAt: (x, y) => [...near].find((sign) => sign.box !== null && isUnder({ x, y }, sign.box)) ?? null,
    pointer,
  };
}

/** Null where the anchor is there no more. Of a heading that takes a whole line, what is written counts. */
function boxOfAnchor({ anchor, isByText }: Sign): Box | null {
  if (!isConnected(anchor)) return null;
  if (!isByText) return boxOf(anchor);
  const range = new Range();
  range.selectNodeContents(anchor);
  const written = range.getBoundingClientRect();
  return written.width > 0 ? written : boxOf(anchor);
}

/** Null where there is nothing to draw: no place yet, the anchor out of sight, or something else at its place. */
function boxOfSign(sign: Sign, anchor: Box, view: Box): Box | null {
  if (sign.side === null || sign.size === null || !sign.isSeen || sign.blockedSince !== null) return null;
  if (!overlaps(anchor, view)) return null;
  const box = boxAt(sign.side, { element: anchor, sign: sign.size, rightToLeft: sign.rightToLeft, view });
  return within(box, view) ? box : null;
}

function write(sign: Sign, zero: { left: number; top: number }): void {
  const { element, box, colours } = sign;
  if (element === null) return;
  if (box === null || colours === null) {
    hide(sign);
    return;
  }
  const { style } = element;
  style.transform = `translate(${box.left - zero.left}px, ${box.top - zero.top}px)`;
  for (const [name, colour] of Object.entries(colours)) style.setProperty(`--${name}`, colour);
  element.dataset['shown'] = '';
}

function hide(sign: Sign): void {
  sign.box = null;
  if (sign.element !== null) delete sign.element.dataset['shown'];
}

function isUnder({ x, y }: { x: number; y: number }, box: Box): boolean {
  return x >= box.left && y >= box.top && x < box.left + box.width && y < box.top + box.height;
}

function screenBox(): Box {
  return { left: 0, top: 0, width: pageElement()?.clientWidth ?? innerWidth, height: innerHeight };
}
