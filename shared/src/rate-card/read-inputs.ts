// What a price reads of a request: the inputs that are stored with the call, from which everything else is computed again.
import type { RequestFacts, Scalar } from '../facts.ts';
import type { PricingRefusal } from '../pricing.ts';
import type { Operation } from './card.ts';
import { invalid, isRefusal, readField, readSize, unreadable, type FieldRules } from './field.ts';

/** Inputs by full field name as the request gave them, null where absent; or the first reason why they can not be priced. */
export function readInputs(
  operation: Operation,
  params: Readonly<Record<string, string>>,
  request: RequestFacts,
): { inputs: Record<string, Scalar | null> } | PricingRefusal {
  const { pricing, needsJson } = operation;
  if (needsJson && request.body.kind === 'json') {
    const { value } = request.body;
    // A list of calls in one body would be priced as none of them.
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return unreadable('body', Array.isArray(value) ? 'a list' : 'a bare value');
  }
  const inputs: Record<string, Scalar | null> = {};
  for (const { field, strict } of pricing.fields) {
    const value = readField(field, strict, params, request);
    if (isRefusal(value)) return value;
    inputs[field.name] = value;
  }
  const twice = pricing.rules.size === 0 ? undefined : givenTwice(inputs, pricing.rules);
  if (twice !== undefined) return twice;
  for (const field of pricing.sizes) {
    const value = readSize(field, request);
    if (isRefusal(value)) return value;
    inputs[`size(${field.name})`] = value;
  }
  if (pricing.readsBytes) inputs['body.bytes'] = request.body.kind === 'none' ? 0 : (request.body.bytes ?? null);
  if (pricing.readsPlan) inputs['plan'] = request.plan;
  // Rule 13 charges a HEAD for its request's lines only, so the charge must know it.
  if (request.method === 'HEAD') inputs['method'] = 'HEAD';
  for (const { name, read } of pricing.known) {
    const value = read(inputs);
    if (isRefusal(value)) return value;
    if (!Number.isFinite(value) || value < 0) return invalid(name, String(value), 'a number of zero or more');
    inputs[name] = value;
  }
  return { inputs };
}

export function isHead(inputs: Readonly<Record<string, unknown>>): boolean {
  return inputs['method'] === 'HEAD';
}

/** One field under two names with two values is given twice: which of them counts is not ours to guess (rule 16). */
function givenTwice(inputs: Readonly<Record<string, Scalar | null>>, rules: FieldRules): PricingRefusal | undefined {
  for (const [name, { or }] of rules) {
    if (or === undefined) continue;
    const [one, other] = [inputs[name] ?? null, inputs[or] ?? null];
    if (one !== null && other !== null && one !== other) {
      return invalid(name, `${JSON.stringify(one)} while ${or} is ${JSON.stringify(other)}`, 'one of the two');
    }
  }
  return undefined;
}
