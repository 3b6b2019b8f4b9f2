// Fields of a request. `body.x`, `query.x`, `path.x`, `header.x` and `label.x` are different fields (rule 16).
import type { RequestFacts, Scalar } from '../facts.ts';
import type { PricingRefusal } from '../pricing.ts';

export interface Field {
  /** In full: `body.model`. */
  name: string;
  from: 'body' | 'query' | 'path' | 'header' | 'label';
  /** Below the body: `['stream_options', 'include_usage']`; else the one name. */
  steps: readonly [string, ...string[]];
}

/** What an absent field counts as: another field's value first, then a value of its own. */
export interface FieldRule {
  absent: Scalar | null;
  or: string | undefined;
}
export type FieldRules = ReadonlyMap<string, FieldRule>;
export type Inputs = Readonly<Record<string, Scalar | null>>;

const LENGTH_MAX = 256;

export function parseField(name: string): Field | undefined {
  const match = /^(body|query|path|header|label)\.(.+)$/.exec(name);
  if (match === null) return undefined;
  const [, from, rest = ''] = match;
  const steps = from === 'body' ? rest.split('.') : [rest];
  if (steps.includes('')) return undefined;
  return { name, from: from as Field['from'], steps: steps as [string, ...string[]] };
}

/** A field's value after the rules for absent ones. Null where it is absent and nothing stands for it. */
export function resolved(name: string, inputs: Inputs, rules: FieldRules): Scalar | null {
  const value = inputs[name] ?? null;
  if (value !== null) return value;
  const rule = rules.get(name);
  if (rule === undefined) return null;
  return (rule.or === undefined ? null : inputs[rule.or]) ?? rule.absent;
}

/**
 * A field as the request gave it; null is absent. A priced field given twice, or as a list or an object, is refused, never merged
 * and never read as absent (rule 16); one that only describes (`strict` false) counts as absent then.
 */
export function readField(
  field: Field,
  strict: boolean,
  params: Readonly<Record<string, string>>,
  request: RequestFacts,
): Scalar | null | PricingRefusal {
  const value = field.from === 'body' ? bodyValue(field, request) : namedValue(field, params, request);
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') {
    if (value.length <= LENGTH_MAX) return value;
    return strict
      ? invalid(field.name, `text of ${value.length} characters`, `at most ${LENGTH_MAX}`)
      : value.slice(0, LENGTH_MAX);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (!strict) return null;
  if (value === LIST || value === OBJECT)
    return invalid(field.name, value === LIST ? 'a list' : 'an object', 'one text, number or truth');
  return value as PricingRefusal;
}

/**
 * How many items a list in the body has, or characters a text; an absent one has none. Stored among the inputs as `size(body.ids)`.
 */
export function readSize(field: Field, request: RequestFacts): number | PricingRefusal {
  if (request.body.kind === 'unread') return unreadable(field.name, 'a body that is not JSON');
  const value = request.body.kind === 'none' ? null : below(request.body.value, field.steps);
  if (value === null || value === undefined) return 0;
  if (Array.isArray(value) || typeof value === 'string') return value.length;
  return invalid(field.name, typeof value === 'object' ? 'an object' : JSON.stringify(value), 'a list');
}

export function invalid(field: string, found: string, right: string): PricingRefusal {
  return { code: 'field_invalid', field, message: `${field} is ${found}; ${right} would be right.` };
}

/** Values of fields and bounds are plain; the only objects among them are refusals. */
export function isRefusal(value: Scalar | null | PricingRefusal): value is PricingRefusal {
  return typeof value === 'object' && value !== null;
}

/** What a field is that is no scalar: told apart from refusals by identity, whatever its members are called. */
const LIST = { is: 'list' };
const OBJECT = { is: 'object' };

function bodyValue(field: Field, request: RequestFacts): Scalar | null | undefined | PricingRefusal | typeof LIST {
  const { body } = request;
  if (body.kind === 'none') return null;
  if (body.kind === 'unread') return unreadable(field.name, 'a body that is not JSON');
  const value = below(body.value, field.steps);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? LIST : OBJECT;
  return value as Scalar | null | undefined;
}

function below(root: unknown, steps: readonly string[]): unknown {
  let value = root;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return null;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

function namedValue(
  field: Field,
  params: Readonly<Record<string, string>>,
  request: RequestFacts,
): string | null | undefined | PricingRefusal {
  const name = field.steps[0];
  if (field.from === 'query') {
    const found = request.query.filter(([key]) => key === name);
    return found.length > 1 ? invalid(field.name, 'given twice', 'once') : found[0]?.[1];
  }
  if (field.from === 'header') {
    const value = request.headers[name];
    if (typeof value !== 'object') return value;
    return value.length > 1 ? invalid(field.name, 'given twice', 'once') : value[0];
  }
  const named = field.from === 'label' ? request.labels : params;
  return Object.hasOwn(named, name) ? named[name] : null;
}

export function unreadable(field: string, found: string): PricingRefusal {
  return { code: 'body_unreadable', field, message: `The price needs a JSON object as the body; found ${found}.` };
}
