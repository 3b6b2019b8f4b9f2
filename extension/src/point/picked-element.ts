import { attributeOf, fits, nameOf, rootOf, textOf } from '../tags/plain-dom.ts';
import { isClosed } from './closed-root.ts';
import type { PickedElement } from './point-messages.ts';
import { inputSelectorOf, selectorOf } from './selector.ts';

const LABEL_LONGEST = 80;
const OPTIONS_MOST = 100;

/**
 * What the panel needs to know of an element; null where no selector finds it.
 * @param target the tag's own element, where this one is to be an input of it: inputs are looked for around that
 */
export function pickedElement(element: Element, target: Element | null): PickedElement | null {
  const found = target === null ? selectorOf(element) : inputSelectorOf(element, target);
  if (found === null) return null;
  return {
    address: location.href,
    ...found,
    tag: nameOf(element),
    label: labelOf(element),
    read: readOf(element),
    options: optionsOf(element),
    closed: isClosed(element),
  };
}

/** What a page calls an element: the way that screen readers look for it, in short. */
export function labelOf(element: Element): string {
  const labels = isField(element) ? [...((element as HTMLInputElement).labels ?? [])] : [];
  const names = [
    attributeOf(element, 'aria-label'),
    ...labelledBy(element),
    ...labels.map((label) => textOf(label)),
    element instanceof HTMLInputElement && /^(?:button|submit|reset)$/.test(element.type) ? element.value : null,
    isField(element) ? null : textOf(element).slice(0, 1_000),
    attributeOf(element, 'title'),
    attributeOf(element, 'placeholder'),
    attributeOf(element, 'name'),
  ];
  const name = names.map((text) => (text ?? '').replaceAll(/\s+/g, ' ').trim()).find((text) => text !== '');
  return (name ?? '').slice(0, LABEL_LONGEST);
}

function labelledBy(element: Element): (string | null)[] {
  const ids = (attributeOf(element, 'aria-labelledby') ?? '').split(/\s+/).filter((id) => id !== '');
  return ids.map((id) => rootOf(element).getElementById(id)?.textContent ?? null);
}

function isField(element: Element): boolean {
  return fits(element, 'input, select, textarea');
}

function readOf(element: Element): PickedElement['read'] {
  if (fits(element, 'input[type="checkbox"]')) return 'checked';
  if (isField(element)) return 'value';
  if (fits(element, 'table, [role="table"], [role="grid"]')) return 'rows';
  return /\d/.test(textOf(element).slice(0, 1_000)) ? 'number' : 'text';
}

function optionsOf(element: Element): PickedElement['options'] {
  if (!(element instanceof HTMLSelectElement)) return [];
  return [...element.options]
    .slice(0, OPTIONS_MOST)
    .map(({ value, text }) => ({ value: value.slice(0, LABEL_LONGEST), words: text.slice(0, LABEL_LONGEST) }));
}
