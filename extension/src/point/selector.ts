// A selector that still finds the element tomorrow: first what was made for finding it, then what names it, then what @medv/finder builds
// of names that look chosen, and its place among its siblings last.
import { finder } from '@medv/finder';
import { attributeNamesOf, attributeOf, findAll, fits, nameOf, parentOf, rootOf, type Root } from '../tags/plain-dom.ts';
import { nearest, SECRET } from '../tags/read-inputs.ts';
import { allRoots } from './all-roots.ts';
import { isStableAttribute, isStableName, isTestAttribute } from './stable-name.ts';

// The rate card's limit.
const LONGEST = 500;
const SEARCH_MS = 300;

/**
 * The selector of an element within its own document or shadow root, and how many elements it finds in the document and all open roots,
 * where tags are looked for: 1 wherever the element can be told from others. Null where no selector fits.
 */
export function selectorOf(element: Element): { selector: string; matches: number } | null {
  const roots = allRoots();
  const count = (selector: string): number => roots.reduce((sum, root) => sum + findsIn(root, selector).length, 0);
  for (const selector of candidates(element)) {
    if (count(selector) === 1) return { selector, matches: 1 };
  }
  const found = searched(element);
  return found === null ? null : { selector: found, matches: count(found) };
}

/** The selector by which an input's element is found from the tag's: the nearest one around it. Null where it cannot be reached. */
export function inputSelectorOf(element: Element, target: Element): { selector: string; matches: number } | null {
  // What nobody may read is no input either.
  if (fits(element, SECRET)) return null;
  const unique = selectorOf(element);
  if (unique !== null && nearest(unique.selector, target) === element) return unique;
  for (const selector of candidates(element)) {
    if (nearest(selector, target) === element) return { selector, matches: 1 };
  }
  return null;
}

function* candidates(element: Element): Generator<string> {
  const own = namesOf(element);
  yield* own;
  const root = rootOf(element);
  // Within what surrounds it and has a name: `#editor button[type="submit"]`.
  for (let around = parentOf(element); around !== null && rootOf(around) === root; around = parentOf(around)) {
    for (const outer of namesOf(around)) {
      for (const inner of [...own, CSS.escape(nameOf(element))]) {
        const selector = `${outer} ${inner}`;
        if (selector.length <= LONGEST) yield selector;
      }
    }
  }
}

/** Ways to name one element, the sturdiest first. */
function namesOf(element: Element): string[] {
  const tag = CSS.escape(nameOf(element));
  const id = attributeOf(element, 'id') ?? '';
  const attributes = attributeNamesOf(element).filter((name) => isStableAttribute(name, attributeOf(element, name) ?? ''));
  const quoted = (name: string): string => `[${name}="${attributeOf(element, name) ?? ''}"]`;
  return [
    ...attributes.filter(isTestAttribute).map(quoted),
    ...(isStableName(id) ? [`#${CSS.escape(id)}`] : []),
    ...attributes.filter((name) => !isTestAttribute(name)).map((name) => `${tag}${quoted(name)}`),
  ];
}

function searched(element: Element): string | null {
  try {
    const root = rootOf(element);
    const selector = finder(element, {
      // A shadow root is searched like a document; the types know elements alone.
      root: root as unknown as Element,
      idName: isStableName,
      className: isStableName,
      attr: isStableAttribute,
      timeoutMs: SEARCH_MS,
      maxNumberOfPathChecks: 2_000,
    });
    return selector.length <= LONGEST && findsIn(root, selector).includes(element) ? selector : null;
  } catch {
    return null; // it throws where it finds none in time
  }
}

function findsIn(root: Root, selector: string): Element[] {
  try {
    return [...findAll(root, selector)];
  } catch {
    return [];
  }
}
