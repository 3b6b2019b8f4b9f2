// The page's own background and text colour at a place.
import { BLACK, over, parseColour, WHITE, type Colour } from './colours.ts';
import { pageElement, parentOf } from './plain-dom.ts';

export interface ColoursThere {
  background: Colour;
  text: Colour;
}

/** Reads what a page has, once for each element in one look. @param probe an element of ours that has the browser convert other colour spaces */
export function coloursReader(probe: HTMLElement): (element: Element) => ColoursThere {
  const known = new Map<Element, Colour>();
  const converted = (text: string): Colour => {
    const parsed = parseColour(text);
    if (parsed !== null) return parsed;
    probe.style.color = `color-mix(in srgb, ${text} 100%, black 0%)`;
    return parseColour(getComputedStyle(probe).color) ?? { ...BLACK, a: 0 };
  };
  const backgroundOf = (element: Element | null): Colour => {
    if (element === null) return canvas();
    const kept = known.get(element);
    if (kept !== undefined) return kept;
    const own = converted(getComputedStyle(element).backgroundColor);
    const made = own.a >= 1 ? own : over(own, backgroundOf(parentOf(element)));
    known.set(element, made);
    return made;
  };
  return (element) => ({ background: backgroundOf(element), text: converted(getComputedStyle(element).color) });
}

/** What is behind a page that has no background. */
function canvas(): Colour {
  const page = pageElement();
  const scheme = page === null ? '' : getComputedStyle(page).colorScheme;
  const isDark = /\bdark\b/.test(scheme) && (!/\blight\b/.test(scheme) || matchMedia('(prefers-color-scheme: dark)').matches);
  return isDark ? { r: 0.07, g: 0.07, b: 0.07, a: 1 } : WHITE;
}
