// What changes in the page: its elements, its fields, its address. Only told; what follows is done in slices later.
import { isPageVisible, shadowOf, type Root } from './plain-dom.ts';

export interface Watching {
  /** Also looks into these from now on. */
  roots(roots: readonly Root[]): void;
}

export interface Changes {
  /** Elements came, went, or changed. */
  elements(): void;
  /** What a field holds, or a text says, may be another. */
  fields(): void;
  /** Somebody is typing or choosing; what a script sets tells of nothing. */
  typed(): void;
  /** Something may have moved for so long. */
  moved(ms: number): void;
  /** The page took another address without being loaded. */
  address(): void;
  /** Something new came above all else. */
  topped(): void;
}

const STILL_MS = 1_000;
const MOVING_MS = 600;
const RECORDS_MAX = 50;
const ALL = { childList: true, subtree: true, attributes: true, characterData: true } as const;

export function watchPage(changes: Changes, signal: AbortSignal): Watching {
  const watched = new WeakSet<Root>();
  let address = location.href;
  const observer = new MutationObserver((records) => {
    if (records.length > RECORDS_MAX || records.some(mayTag)) changes.elements();
    else changes.fields();
    changes.moved(50);
    lookAtAddress();
  });
  signal.addEventListener('abort', () => {
    observer.disconnect();
    clearInterval(still);
  });
  // A field that a script fills tells nobody; an address that a script sets does so only in some browsers.
  const still = setInterval(() => {
    lookAtAddress();
    if (isPageVisible()) changes.fields();
  }, STILL_MS);

  const quietly = { capture: true, passive: true, signal };
  for (const name of ['popstate', 'hashchange']) window.addEventListener(name, lookAtAddress, quietly);
  for (const name of ['scroll', 'resize', 'load']) window.addEventListener(name, () => changes.moved(120), quietly);
  for (const name of ['transitionrun', 'animationstart', 'transitionend', 'animationend']) {
    window.addEventListener(name, () => changes.moved(MOVING_MS), quietly);
  }
  for (const name of ['toggle', 'fullscreenchange']) {
    window.addEventListener(
      name,
      () => {
        changes.moved(MOVING_MS);
        changes.topped();
      },
      quietly,
    );
  }
  for (const name of ['focusin', 'pointerover']) {
    window.addEventListener(name, (event) => watch(event.composedPath().filter((each) => each instanceof ShadowRoot)), quietly);
  }
  visualViewport?.addEventListener('resize', () => changes.moved(120), { signal });
  watch([document]);

  function watch(roots: readonly Root[]): void {
    for (const root of roots) {
      if (watched.has(root) || (root instanceof ShadowRoot && shadowOf(root.host) !== root)) continue;
      watched.add(root);
      observer.observe(root, ALL);
      // A change inside a shadow root does not come out of it.
      for (const name of ['input', 'change'])
        EventTarget.prototype.addEventListener.call(root, name, () => changes.typed(), quietly);
      if (root instanceof ShadowRoot) changes.elements();
    }
  }
  function lookAtAddress(): void {
    if (location.href === address) return;
    address = location.href;
    changes.address();
  }
  return { roots: watch };
}

/** A style that is animated brings no tag; all else can. */
function mayTag({ type, attributeName }: MutationRecord): boolean {
  return type === 'childList' || (type === 'attributes' && attributeName !== 'style');
}
