// The one element that is added to a page: at the end of <html>, in the top layer, of no size, its content in a closed shadow root. Removed, it comes
// back a few times; then the page has said what it wants.
import css from './tags.css?inline';
import { fits, makeElement, pageElement } from './plain-dom.ts';

export interface Layer {
  root: ShadowRoot;
  /** Where its own zero stands in the viewport: signs are placed from there, and so scroll with the page. */
  zero(): { left: number; top: number };
  /** Whether something that was found at a point is this. */
  is(element: Element): boolean;
  /** Above what came into the top layer since. */
  raise(): void;
  remove(): void;
}

const RETURNS_MAX = 5;
const RAISES_MAX = 1_000;

/** @param onGone called once, when the page does not want it */
export function openLayer(onGone: () => void): Layer {
  const host = makeElement('div');
  const root = host.attachShadow({ mode: 'closed' });
  dress(root);
  host.setAttribute('popover', 'manual');
  let returns = 0;
  let raises = 0;
  let isOver = false;
  const guard = new MutationObserver(() => {
    const page = pageElement();
    if (isOver || page === null || (host.parentNode === page && host.isConnected)) return;
    returns += 1;
    if (returns > RETURNS_MAX) {
      remove();
      onGone();
    } else mount();
  });
  mount();

  function mount(): void {
    const page = pageElement();
    if (page === null) return;
    page.append(host);
    guard.disconnect();
    guard.observe(document, { childList: true });
    guard.observe(page, { childList: true });
    show();
  }
  function show(): void {
    // A browser without popovers, or a page that is not shown: signs then stand over it by z-index alone.
    try {
      if (!fits(host, ':popover-open')) host.showPopover();
    } catch {
      return;
    }
  }
  function remove(): void {
    isOver = true;
    guard.disconnect();
    host.remove();
  }

  return {
    root,
    zero: () => host.getBoundingClientRect(),
    is: (element) => element === host,
    raise: () => {
      raises += 1;
      if (isOver || !host.isConnected || raises > RAISES_MAX) return;
      try {
        if (fits(host, ':popover-open')) host.hidePopover();
      } catch {
        return;
      }
      show();
    },
    remove,
  };
}

/** A sheet that is made by script needs no leave of the page's policy; where the browser keeps it from us, an element does. */
function dress(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = makeElement('style');
    style.textContent = css;
    root.append(style);
  }
}
