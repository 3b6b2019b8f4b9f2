// Which elements of the page carry a tag: by the rules for this page and by the page's own attributes. For one element the most trusted wins.
import type { TagOrigin, TagRuleHere } from '../tag-messages.ts';
import { findAll, shadowOf, walkElements, type Root } from './plain-dom.ts';

export interface Found {
  /** By element; null for one that the page's attributes name. */
  tags: Map<Element, TagRuleHere | null>;
  /** Elements with data-credits-call. */
  calls: Element[];
  /** Elements with data-credits-scenario. */
  scenarios: Element[];
  /** Where was looked: the document and its open shadow roots. */
  roots: Root[];
  /** Rules that cannot be looked for here: no selectors, or too slow to ask for again. */
  broken: string[];
}

// Far more than anyone can look at; what comes after them has no tag.
const TAGS_MAX = 5_000;
const NAMED_MAX = 1_000;
const RULE_MS_MAX = 40;
const ROOTS_MAX = 500;
const WALK_STEP = 300;
const TRUST: readonly TagOrigin[] = ['own', 'card', 'page'];

export function* findElements(rules: readonly TagRuleHere[], broken: ReadonlySet<string>): Generator<undefined, Found> {
  const roots = yield* findRoots();
  const found: Found = { tags: new Map(), calls: [], scenarios: [], roots, broken: [] };
  const inOrder = [...rules].sort((one, other) => TRUST.indexOf(one.origin) - TRUST.indexOf(other.origin));
  const trusted = inOrder.filter((rule) => rule.origin !== 'page' && !broken.has(rule.id));
  const hinted = inOrder.filter((rule) => rule.origin === 'page' && !broken.has(rule.id));
  for (const rule of trusted) yield* findByRule(roots, rule, found);
  for (const root of roots) {
    take(findAll(root, '[data-credits-operation]'), found.tags, null);
    found.calls.push(...first(findAll(root, '[data-credits-call]'), NAMED_MAX - found.calls.length));
    found.scenarios.push(...first(findAll(root, '[data-credits-scenario]'), NAMED_MAX - found.scenarios.length));
    yield;
  }
  for (const rule of hinted) yield* findByRule(roots, rule, found);
  return found;
}

function* findByRule(roots: readonly Root[], rule: TagRuleHere, found: Found): Generator<undefined, void> {
  for (const root of roots) {
    const from = performance.now();
    try {
      take(findAll(root, rule.selector), found.tags, rule);
    } catch {
      found.broken.push(rule.id);
      return;
    }
    if (performance.now() - from > RULE_MS_MAX) found.broken.push(rule.id);
    yield;
  }
}

function take(elements: NodeListOf<Element>, tags: Map<Element, TagRuleHere | null>, rule: TagRuleHere | null): void {
  for (const element of elements) {
    if (tags.size >= TAGS_MAX) return;
    if (!tags.has(element)) tags.set(element, rule);
  }
}

function first(elements: NodeListOf<Element>, most: number): Element[] {
  const some: Element[] = [];
  for (let at = 0; at < Math.min(elements.length, most); at += 1) some.push(elements[at] as Element);
  return some;
}

/** The document and its open shadow roots. */
export function* findRoots(): Generator<undefined, Root[]> {
  const roots: Root[] = [document];
  for (let at = 0; at < roots.length && roots.length < ROOTS_MAX; at += 1) {
    const walker = walkElements(roots[at] as Root);
    for (let count = 1; walker.nextNode() !== null; count += 1) {
      const shadow = shadowOf(walker.currentNode as Element);
      if (shadow !== null) roots.push(shadow);
      if (count % WALK_STEP === 0) yield;
    }
  }
  return roots;
}
