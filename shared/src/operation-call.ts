// A call by what it does, for who knows the operation and not how it is sent: price tags, and estimates by operation. Gateway and browser
// build the same facts from it, so that what is shown is what would be held (decision 7).
import type { RequestFacts, Scalar } from './facts.ts';
import { utf8Length } from './meter/utf8-length.ts';
import type { PricingRefusal } from './pricing.ts';
import type { Operation } from './rate-card/card.ts';
import { invalid, parseField, type Field } from './rate-card/field.ts';
import { didYouMean } from './rate-card/nearest.ts';
import { putMember } from './put-member.ts';

export interface OperationInputs {
  /** By name: `body.performance`, `query.limit`, `path.id`, `header.x`; a bare name is the field of the operation that ends in it. Null is absent. */
  inputs: Readonly<Record<string, Scalar | null>>;
  /** How much will be used, by quantity, where that is known. */
  quantities: Readonly<Record<string, number>>;
}

// A list that is known by its length alone is made up, for each of the tags of a page: so long that a page of them costs some milliseconds.
const LIST_MOST = 10_000;
const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/**
 * The facts of a call from its inputs by name, as `quoteCall` takes them. A number for a field that is priced by how long it is stands for a
 * list of so many. Digits for a priced field of the body are a number, because what a page's field holds is always text.
 * @param by the labels that are fixed for who would make it (rule 16), and their plan
 * @returns why there is no such call, where a name is none of the operation's
 */
export function factsOf(
  operation: Operation,
  { inputs, quantities }: OperationInputs,
  by: Pick<RequestFacts, 'labels' | 'plan'>,
): { params: Readonly<Record<string, string>>; request: RequestFacts } | PricingRefusal {
  const measured = measuredLater(operation);
  for (const name of Object.keys(quantities)) {
    if (measured.includes(name)) continue;
    const right = measured.length === 0 ? 'none, because nothing of it is measured afterwards,' : `one of ${measured.join(', ')}`;
    return invalid(`quantity.${name}`, 'no quantity that this operation measures', right);
  }
  const seen = new Set<string>();
  const params: Record<string, string> = {};
  const query: [string, string][] = [];
  const headers: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(inputs)) {
    const field = namedField(operation, name);
    if ('code' in field) return field;
    if (value === null) continue;
    if (seen.has(field.name)) return invalid(field.name, 'given twice', 'once');
    seen.add(field.name);
    const [first] = field.steps;
    if (!String(value).isWellFormed()) return invalid(field.name, 'broken off within a letter', 'a whole text');
    if (field.from === 'path') params[first] = encodeURIComponent(String(value));
    else if (field.from === 'query') query.push([first, String(value)]);
    else if (field.from === 'header') headers[first.toLowerCase()] = String(value);
    else {
      const sent = bodyValue(operation, field.name, value);
      if (typeof sent === 'object' && 'code' in sent) return sent;
      if (!putMember(body, field.steps, sent))
        return invalid(field.name, 'below another input that is no object', 'one of the two');
    }
  }
  const request = { method: operation.method, path: pathOf(operation, params), query, headers, ...by };
  return { params, request: { ...request, body: bodyOf(operation, body) } };
}

/** The fields that an operation reads or has in its path, by their full names; labels are fixed on keys and are none of a call's inputs. */
export function fieldsOf({ pricing, pattern }: Pick<Operation, 'pricing' | 'pattern'>): readonly string[] {
  const read = [...pricing.fields.map(({ field }) => field), ...pricing.sizes].filter(({ from }) => from !== 'label');
  const inPath = pattern.segments.flatMap((segment) => (segment.kind === 'parameter' ? [`path.${segment.name}`] : []));
  return [...new Set([...read.map(({ name }) => name), ...inPath])];
}

/** Whether the inputs are all that its price reads: how long a body will be is not known from them, so that such a price is never exact. */
export function isKnownByInputs({ pricing }: Pick<Operation, 'pricing'>): boolean {
  return !pricing.readsBytes;
}

/** The quantities of an operation that are only known after the call. */
export function measuredLater({ pricing }: Pick<Operation, 'pricing'>): readonly string[] {
  return pricing.kinds.filter(({ origin }) => origin === 'later').map(({ name }) => name);
}

/** The field that a name means: in full, or by its last name where the operation has one field of it. */
export function namedField(operation: Pick<Operation, 'pricing' | 'pattern'>, name: string): Field | PricingRefusal {
  const whole = parseField(name);
  if (whole?.from === 'label') return invalid(name, 'a label, which is fixed on a key or a workspace', 'a field of the call');
  if (whole?.from === 'path' && !fieldsOf(operation).includes(name))
    return invalid(name, 'not in the path of this operation', operation.pattern.text);
  if (whole !== undefined) return whole;
  const known = fieldsOf(operation);
  const fits = known.filter((one) => one.slice(one.indexOf('.') + 1) === name || one.endsWith(`.${name}`));
  const field = fits[0] === undefined ? undefined : parseField(fits[0]);
  if (fits.length === 1 && field !== undefined) return field;
  const right = known.length === 0 ? 'none, because it reads none,' : `one of ${known.join(', ')}`;
  if (fits.length > 1) return invalid(name, 'the end of several fields of this operation', `one of ${fits.join(', ')}`);
  const refused = invalid(name, 'no field of this operation', right);
  return { ...refused, message: `${refused.message}${didYouMean(name, known.map(lastOf))}` };
}

function lastOf(field: string): string {
  return field.slice(field.lastIndexOf('.') + 1);
}

function bodyValue({ pricing }: Operation, name: string, value: Scalar): Scalar | readonly null[] | PricingRefusal {
  const isPriced = pricing.fields.some(({ field }) => field.name === name);
  const isCounted = !isPriced && pricing.sizes.some((field) => field.name === name);
  if (isCounted && typeof value === 'number') {
    if (Number.isInteger(value) && value >= 0 && value <= LIST_MOST) return Array.from({ length: value }, () => null);
    return invalid(name, `a list of ${value}`, `a whole number up to ${LIST_MOST}`);
  }
  return isPriced && typeof value === 'string' && /^(0|[1-9]\d{0,14})(\.\d{1,9})?$/.test(value) ? Number(value) : value;
}

/** An operation whose price needs the body is called with one, if an empty one. */
function bodyOf({ method, needsBody }: Operation, value: Readonly<Record<string, unknown>>): RequestFacts['body'] {
  if (Object.keys(value).length === 0 && !(needsBody && METHODS_WITH_BODY.has(method))) return { kind: 'none' };
  const text = JSON.stringify(value);
  const bytes = utf8Length(text);
  return needsBody ? { kind: 'json', text, value, bytes } : { kind: 'unread', bytes };
}

/** With what is known of it; the rest stands as in the rate card. */
function pathOf({ pattern }: Operation, params: Readonly<Record<string, string>>): string {
  return pattern.text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
}
