// What a page says of an element itself: a hint by a stranger. It can name an operation and its inputs; what that costs is said by the gateway.
import type { TagAsked } from '../tag-messages.ts';
import { attributeNamesOf, attributeOf } from './plain-dom.ts';
import { readInput, type Scalar } from './read-inputs.ts';

const INPUT = 'data-credits-input-';
const FROM = 'data-credits-from-';
const INPUTS_MAX = 30;
const LENGTH_MAX = 1_000;
const CLAIM_MAX = 1_000_000_000;

/** Null where the page names no operation that there can be. */
export function readAnnotation(element: Element): Omit<TagAsked, 'key'> | null {
  const operation = attributeOf(element, 'data-credits-operation') ?? '';
  if (!/^[A-Za-z0-9][\w.-]{0,199}$/.test(operation)) return null;
  return {
    rule: `page:${operation}`,
    origin: 'page',
    via: attributeOf(element, 'data-credits-via') === 'gateway' ? 'gateway' : 'none',
    parts: [{ operation, inputs: inputsOf(element) }],
    schedule: null,
    claimed: readClaim(attributeOf(element, 'data-credits-amount')),
  };
}

/** Credits, or null for what is no amount: negative, absurd, with words around it. */
export function readClaim(text: string | null): number | null {
  if (text === null || !/^\d{1,10}(?:\.\d{1,6})?$/.test(text)) return null;
  const claimed = Number(text);
  return claimed <= CLAIM_MAX ? claimed : null;
}

function inputsOf(element: Element): Record<string, Scalar> {
  const inputs: Record<string, Scalar> = {};
  for (const attribute of attributeNamesOf(element)) {
    if (Object.keys(inputs).length >= INPUTS_MAX) break;
    const [name, value] = inputOf(element, attribute);
    if (value !== null && /^[A-Za-z][\w.-]{0,99}$/.test(name)) inputs[name] = value;
  }
  return inputs;
}

function inputOf(element: Element, attribute: string): [name: string, value: Scalar | null] {
  const text = attributeOf(element, attribute) ?? '';
  if (text.length > LENGTH_MAX) return ['', null];
  if (attribute.startsWith(INPUT)) return [attribute.slice(INPUT.length), plainly(text)];
  if (!attribute.startsWith(FROM)) return ['', null];
  const name = attribute.slice(FROM.length);
  return [name, text.length > 500 || text === '' ? null : readInput(text, element, name.startsWith('quantity.'))];
}

/** An attribute is text; a number is meant where it is written as one. */
function plainly(text: string): Scalar {
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
}
