// A small sign over the page: a price tag, what a call cost, what a module cost, a switch at a scenario's name. It is in the accessibility tree by
// itself; the page's element gets nothing.
import type { SignColours, Tone } from './colours.ts';
import type { Box, Side } from './place.ts';
import { makeElement } from './plain-dom.ts';

export interface SignContent {
  text: string;
  range: string | null;
  spoken: string;
  tone: Tone;
  dot: 'pool' | 'extra' | null;
}

export interface Sign {
  key: string;
  /** What it stands beside. */
  anchor: Element;
  /** Beside what the anchor says, not beside its box. */
  readonly isByText: boolean;
  /** Made when it first has something to say: most of 5,000 tags never come on screen. */
  element: HTMLElement | null;
  /** Of a switch: what pressing it does. */
  readonly press: (() => void) | null;
  content: SignContent | null;
  /** Its own size in CSS pixels; null until it is measured. */
  size: { width: number; height: number } | null;
  side: Side | null;
  /** The page's boxes that clip what is beside the anchor. */
  clips: readonly Element[];
  rightToLeft: boolean;
  /** Whether the anchor can be seen, as the last look at the page told. */
  isSeen: boolean;
  /** Whether the anchor is near what is on screen, as the browser tells. */
  isNear: boolean;
  /** Where the anchor was in the page when the sign got its place, and where it is now. */
  placedAt: string | null;
  movedTo: string | null;
  /** Since when something else stands at its place, by the page's clock. */
  blockedSince: number | null;
  /** Since when its anchor is not in the page. */
  lostAt: number | null;
  /** Where it is drawn, in the viewport; null where it is not. */
  box: Box | null;
  colours: SignColours | null;
}

export function makeSign(key: string, anchor: Element, press: (() => void) | null = null): Sign {
  return {
    key,
    anchor,
    isByText: press !== null,
    element: null,
    press,
    content: null,
    size: null,
    side: null,
    clips: [],
    rightToLeft: false,
    isSeen: false,
    isNear: false,
    placedAt: null,
    movedTo: null,
    blockedSince: null,
    lostAt: null,
    box: null,
    colours: null,
  };
}

/** Says something else; it keeps its place. */
export function fillSign(sign: Sign, content: SignContent, within: ShadowRoot): void {
  const element = sign.element ?? elementFor(sign);
  if (element.parentNode !== within) within.append(element);
  const [text, range] = element.children;
  put(text, 'data-text', content.text);
  put(range, 'data-text', content.range);
  put(element, 'data-tone', content.tone);
  put(element, 'data-dot', content.dot);
  put(element, 'aria-label', content.spoken);
  if (sign.content?.text !== content.text || sign.content.range !== content.range || sign.content.dot !== content.dot)
    sign.size = null;
  if (sign.content?.tone !== content.tone) sign.colours = null;
  sign.content = content;
}

function elementFor(sign: Sign): HTMLElement {
  const { press } = sign;
  const element = make(press === null ? 'div' : 'button', 'sign');
  element.append(make('span', 'text'), make('span', 'range'));
  element.setAttribute('role', press === null ? 'img' : 'switch');
  if (press !== null) {
    element.addEventListener('click', (event) => {
      if (event.isTrusted) press();
    });
  }
  sign.element = element;
  return element;
}

function put(element: Element | undefined, name: string, value: string | null): void {
  if (element === undefined || element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function make(name: 'div' | 'button' | 'span', part: string): HTMLElement {
  const element = makeElement(name);
  element.className = part;
  return element;
}
