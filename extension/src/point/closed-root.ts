import { browser } from 'wxt/browser';
import { nameOf, shadowOf } from '../tags/plain-dom.ts';

/** Browsers tell extensions of roots that pages may not look into; we use it to say so, and never look inside. */
interface DomOfBrowser {
  dom?: { openOrClosedShadowRoot?: (element: HTMLElement) => ShadowRoot | null };
}

/** True where an element has a shadow root that its page closed: nothing in it can be tagged or read. */
export function isClosed(element: Element): boolean {
  // Fields, media and the like have roots of the browser's own.
  if (shadowOf(element) !== null || !(element instanceof HTMLElement) || !mayHaveRoot(nameOf(element))) return false;
  try {
    const dom = (browser as unknown as DomOfBrowser).dom;
    const root =
      dom?.openOrClosedShadowRoot?.(element) ??
      (element as unknown as { openOrClosedShadowRoot?: ShadowRoot | null }).openOrClosedShadowRoot;
    return root !== null && root !== undefined;
  } catch {
    return false; // an element of a kind that the browser does not take
  }
}

/** The elements that attachShadow takes. */
function mayHaveRoot(name: string): boolean {
  return name.includes('-') || /^(?:article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/.test(name);
}
