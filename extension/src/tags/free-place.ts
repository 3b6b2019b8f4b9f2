// What the page shows at a place: whether an element can be seen there, and whether a sign there would hide something.
import { elementAt, isWithin, nameOf, parentOf } from './plain-dom.ts';
import type { Box } from './place.ts';

// To be seen or pressed by themselves, also where they have no text.
const SOLID = new Set('a audio button canvas embed iframe img input label object select summary svg textarea video'.split(' '));
const TEXTS_MAX = 30;

/** Whether a person sees it: not hidden, and not covered at each of five points. `goes`: what counts as the element itself. */
export function isSeen(element: Element, box: Box, view: Box, goes: (hit: Element) => boolean): boolean {
  if (box.width < 2 || box.height < 2 || !isVisible(element)) return false;
  const inset = { x: Math.min(4, box.width / 4), y: Math.min(4, box.height / 4) };
  const [left, right] = [box.left + inset.x, box.left + box.width - inset.x];
  const [top, bottom] = [box.top + inset.y, box.top + box.height - inset.y];
  const points: readonly (readonly [number, number])[] = [
    [(left + right) / 2, (top + bottom) / 2],
    [right, (top + bottom) / 2],
    [left, (top + bottom) / 2],
    [right, top],
    [left, bottom],
  ];
  return points.some(([x, y]) => {
    if (x < view.left || y < view.top || x >= view.left + view.width || y >= view.top + view.height) return false;
    const hit = elementAt(x, y);
    // A disabled button lets the pointer through to what is around it.
    return hit !== null && (isWithin(hit, element) || isWithin(element, hit) || goes(hit));
  });
}

/** Whether nothing that a person reads or presses is there. `onEdge`: the anchor's own edge may be, where it has no text. */
export function isFree(box: Box, anchor: Element, isOurs: (element: Element) => boolean, onEdge = false): boolean {
  const [left, right] = [box.left + 1, box.left + box.width - 2];
  const [top, bottom] = [box.top + 1, box.top + box.height - 2];
  const points: readonly (readonly [number, number])[] = [
    [(left + right) / 2, (top + bottom) / 2],
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ];
  const looked = new Set<Element>();
  return points.every(([x, y]) => {
    const hit = elementAt(x, y);
    if (hit === null) return false;
    if (looked.has(hit) || isOurs(hit)) return true;
    looked.add(hit);
    if (isWithin(hit, anchor)) return onEdge && !hasTextIn(hit, box);
    return !isSolid(hit, anchor) && !hasTextIn(hit, box);
  });
}

/** Hidden by itself or by what is around it. */
function isVisible(element: Element): boolean {
  return element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
}

/** Something of its own that does not also contain the anchor. */
function isSolid(hit: Element, anchor: Element): boolean {
  let around: Element | null = hit;
  for (let depth = 0; around !== null && depth < 12; depth += 1) {
    if (isWithin(anchor, around)) return false;
    if (SOLID.has(nameOf(around)) || isBox(around)) return true;
    around = parentOf(around);
  }
  return false;
}

/** A sign in the box of a neighbour would seem to be the neighbour's. */
function isBox(element: Element): boolean {
  const { backgroundColor, backgroundImage, borderTopWidth } = getComputedStyle(element);
  return !/(?:, |\/ )0\)$/.test(backgroundColor) || backgroundImage !== 'none' || borderTopWidth !== '0px';
}

function hasTextIn(element: Element, box: Box): boolean {
  let count = 0;
  for (let node = element.firstChild; node !== null && count < TEXTS_MAX; node = node.nextSibling) {
    if (!(node instanceof Text) || node.data.trim() === '') continue;
    count += 1;
    const range = new Range();
    range.selectNodeContents(node);
    for (const line of range.getClientRects()) {
      if (line.left < box.left + box.width && box.left < line.right && line.top < box.top + box.height && box.top < line.bottom)
        return true;
    }
  }
  return false;
}
