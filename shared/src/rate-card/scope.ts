// What the parts of one operation share while it is compiled: its quantities, its fields, and where to report what is wrong.
import type { PricingRefusal } from '../pricing.ts';
import { compileExpression, type Expression, type Operand } from './expression.ts';
import { invalid, isRefusal, parseField, resolved, type FieldRule, type FieldRules, type Inputs } from './field.ts';
import { didYouMean } from './nearest.ts';
import type { Place, Report } from './parse.ts';

/** What is known of a quantity before any call. */
export interface QuantityKind {
  name: string;
  /** `request`: known before the call; `later`: measured, and so in need of a bound. */
  origin: 'request' | 'later';
  /** Told by name, as `{ web_search: 2 }`. */
  byName: boolean;
  /** Which cut keeps a bound on it. */
  cut: 'bytes' | 'rows' | 'seconds' | undefined;
}

export interface Scope {
  /** `chat.complete` */
  operation: string;
  report: Report;
  place: Place;
  rules: Map<string, FieldRule>;
  tiers: ReadonlyMap<string, number>;
  quantities: Map<string, QuantityKind>;
  /** Request fields that a price reads. */
  fields: Set<string>;
  /** Body lists whose length a price reads. */
  sizes: Set<string>;
  /** Whether it reads the length of the body. */
  bytes: boolean;
  /** Names of the card's plans, and whether the price goes by them. */
  plans: readonly string[];
  byPlan: boolean;
}

/** A number from the request's inputs, or why there is none. */
export type NumberReader = (inputs: Inputs) => number | PricingRefusal;

/** Notes that the price reads a request field, its stand-in included. */
export function readsField(scope: Scope, name: string, place: Place): void {
  if (name === 'body.bytes') {
    scope.bytes = true;
    return;
  }
  const field = parseField(name);
  if (field === undefined || (field.from === 'header' && name !== name.toLowerCase())) {
    const right = field === undefined ? 'body.…, query.…, path.…, header.… or label.…' : name.toLowerCase();
    scope.report.problem(place, `"${name}" is not a field of a request; ${right} would be right.`);
    return;
  }
  scope.fields.add(name);
  const or = scope.rules.get(name)?.or;
  if (or !== undefined) scope.fields.add(or);
}

/** Whether `size` means something here. */
export function isBodyList(name: string): boolean {
  return name.startsWith('body.') && name !== 'body.bytes';
}

export function noSize(name: string): string {
  return `size(${name}) has no meaning; size is for lists in the body or the answer`;
}

export function isRequestField(name: string): boolean {
  return /^(body|query|path|header|label)\./.test(name);
}

/** The kind of a quantity, or a problem that names the nearest one. */
export function quantityKind(scope: Scope, name: string): QuantityKind | { problem: string } {
  const kind = scope.quantities.get(name);
  if (kind !== undefined) return kind;
  const known = [...scope.quantities.keys()];
  return { problem: `nothing tells the quantity "${name}" here; known are ${known.join(', ')}.${didYouMean(name, known)}` };
}

/**
 * Compiles a number over the request alone.
 * @param whole operands must be whole numbers, as those of a bound.
 * @returns `undefined` after a problem was reported.
 */
export function compileRequestNumber(
  scope: Scope,
  text: string,
  whole: boolean,
  place: Place,
): { read: NumberReader; expression: Expression } | undefined {
  const expression = compileExpression(text, 'double', (name, size) => {
    if (size && !isBodyList(name)) return { problem: noSize(name) };
    if (isRequestField(name)) return 'double';
    const kind = quantityKind(scope, name);
    if ('problem' in kind) return kind;
    return kind.origin === 'request'
      ? 'double'
      : { problem: `"${name}" is only known after the call; a request field would be right` };
  });
  if ('problem' in expression) {
    scope.report.problem(place, `${expression.problem}.`);
    return undefined;
  }
  for (const operand of expression.operands) noteOperand(scope, operand, place);
  return { read: numberReader(expression, whole, scope.rules), expression };
}

/** Notes what an operand reads of the request. */
export function noteOperand(scope: Scope, { name, size }: Operand, place: Place): void {
  if (name === 'request_bytes') scope.bytes = true;
  if (!isRequestField(name)) return;
  if (size) scope.sizes.add(name);
  else readsField(scope, name, place);
}

function numberReader(expression: Expression, whole: boolean, rules: FieldRules): NumberReader {
  const readers = expression.operands.map((operand) => [operand.variable, operandReader(operand, whole, rules)] as const);
  const [only] = readers;
  if (only !== undefined && readers.length === 1 && expression.tree.op !== 'call' && /^[a-z][\w.-]*$/i.test(expression.text))
    return only[1];
  return (inputs) => {
    const values: Record<string, number> = {};
    for (const [variable, read] of readers) {
      const value = read(inputs);
      if (isRefusal(value)) return value;
      values[variable] = value;
    }
    return Number(expression.run(values));
  };
}

/** Reads one operand: a number ≥ 0, as a JSON number in the body or as digits elsewhere. */
export function operandReader({ name, size }: Operand, whole: boolean, rules: FieldRules): NumberReader {
  if (size) return (inputs) => Number(inputs[`size(${name})`] ?? 0);
  if (name === 'body.bytes' || name === 'request_bytes') return bodyBytes;
  if (!isRequestField(name)) return (inputs) => Number(inputs[name] ?? 0);
  const right = whole ? 'a whole number of zero or more' : 'a number of zero or more';
  const written = name.startsWith('body.') ? /^(?!)/ : whole ? /^\d{1,16}$/ : /^\d{1,16}(\.\d{1,9})?$/;
  return (inputs) => {
    const value = resolved(name, inputs, rules);
    if (value === null) return invalid(name, 'missing', right);
    const number = typeof value === 'string' && written.test(value) ? Number(value) : value;
    const fits = typeof number === 'number' && number >= 0 && (whole ? Number.isSafeInteger(number) : Number.isFinite(number));
    return fits ? number + 0 : invalid(name, JSON.stringify(value), right);
  };
}

function bodyBytes(inputs: Inputs): number | PricingRefusal {
  const bytes = inputs['body.bytes'];
  if (typeof bytes === 'number') return bytes;
  return { code: 'body_unreadable', field: 'body', message: 'The price needs the length of the body; none was given.' };
}
