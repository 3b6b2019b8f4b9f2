// Pointing by keyboard: Tab goes through what one can act on, arrows go up to what surrounds it and down again.
import { findAll, parentOf, rootOf, shadowOf } from '../tags/plain-dom.ts';
import { allRoots } from './all-roots.ts';

const ACTIONABLE =
  'button, a[href], input:not([type="hidden"]), select, textarea, summary, table, [role="button"], [role="link"], [role="menuitem"], [role="tab"], [role="switch"], [role="checkbox"], [onclick], [tabindex]:not([tabindex="-1"]), [contenteditable="true"]';

/**
 * The next element that one could act on, in document order; without `from` the first, or the last. Null past the end.
 * `skip` is the host of our own panel.
 */
export function nextPointable(from: Element | null, backwards: boolean, skip: Element | null): Element | null {
  const all = allRoots()
    .flatMap((root) => [...findAll(root, ACTIONABLE)])
    .filter((element) => element !== skip && isSeen(element));
  all.sort(inOrder);
  if (from === null) return (backwards ? all.at(-1) : all[0]) ?? null;
  const at = all.indexOf(from);
  if (at >= 0) return all[at + (backwards ? -1 : 1)] ?? null;
  return (backwards ? all.findLast((one) => inOrder(one, from) < 0) : all.find((one) => inOrder(one, from) > 0)) ?? null;
}

/** What surrounds an element, out of its shadow root too; null at the page itself. */
export function outOf(element: Element): Element | null {
  const parent = parentOf(element);
  return parent === document.documentElement ? null : parent;
}

export function into(element: Element): Element | null {
  return (shadowOf(element) ?? element).firstElementChild;
}

function isSeen(element: Element): boolean {
  return element.checkVisibility({ visibilityProperty: true, opacityProperty: false });
}

/** Document order, with shadow trees where their hosts are. */
function inOrder(one: Element, other: Element): number {
  if (one === other) return 0;
  const [a, b] = [chainOf(one), chainOf(other)];
  for (let level = 0; level < Math.max(a.length, b.length); level += 1) {
    const [left, right] = [a[level], b[level]];
    if (left === undefined) return -1; // a host before what is in it
    if (right === undefined) return 1;
    if (left !== right) return left.compareDocumentPosition(right) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
  }
  return 0;
}

/** The hosts that an element is in, outermost first, and the element itself. */
function chainOf(element: Element): Element[] {
  const root = rootOf(element);
  return root instanceof ShadowRoot ? [...chainOf(root.host), element] : [element];
}
