// What a card reads from an answer: quantities, a job's id, the report that a job is done, what an answer made.
import type { Measurement } from '../facts.ts';
import { compileExpression, type Expression } from './expression.ts';
import { resolved, type FieldRules, type Inputs } from './field.ts';
import type { Place } from './parse.ts';
import { isRequestField, noSize, noteOperand, type Scope } from './scope.ts';

/**
 * A field of the answer by its full name, `response.result.metadata.row_count` or `response_header.x-rows` (text);
 * `undefined` where the answer does not have it.
 */
export type AnswerField = (name: string) => unknown;

/** Null: missing. `found`: something that is no number of zero or more. */
export type Reading = number | null | { found: string };

/** A quantity that the card declares: read from fields, or counted while the answer passes. */
export type DeclaredQuantity =
  | { name: string; from: 'fields'; read: (inputs: Inputs, answer: AnswerField) => Reading }
  /** `of`: rows of CSV or of JSON lines, or the items of the list at a path such as `response.result.rows`. */
  | { name: string; from: 'count'; of: string };

export interface AnswerNumber {
  read: (inputs: Inputs, answer: AnswerField) => Reading;
  expression: Expression;
  /** The fields of the answer that it needs. */
  paths: readonly string[];
}

/** The measured part of a call that its declared quantities give. */
export function readQuantities(
  declared: readonly DeclaredQuantity[],
  inputs: Inputs,
  answer: AnswerField,
): Omit<Measurement, 'received'> {
  const quantities: Record<string, number> = {};
  const problems: { quantity: string; found: string }[] = [];
  for (const quantity of declared) {
    if (quantity.from === 'count') continue;
    const value = quantity.read(inputs, answer);
    if (typeof value === 'number') quantities[quantity.name] = value;
    else if (value !== null) problems.push({ quantity: quantity.name, found: value.found });
  }
  return { quantities, problems };
}

/** As the reader of answers takes them: `response.data[0].id`, `response.items[*].href`, `response["next-uri"]`. */
const ANSWER_FIELD = /^response(\.[^.[\]"\s]+|\[(\d{1,9}|\*|"[^"\\]+")\])+$|^response_header\.[a-z0-9-]+$/;

export function isAnswerField(name: string): boolean {
  return /^(response[.[]|response_header\.)/.test(name);
}

/** A single field of the answer, such as `response.execution_id`; `undefined` after a problem was reported. */
export function answerField(scope: Scope, name: string, place: Place): string | undefined {
  if (ANSWER_FIELD.test(name)) return name;
  scope.report.problem(place, `"${name}" is not a field of the answer; response.… or response_header.… would be right.`);
  return undefined;
}

/** Compiles a number over the answer and the request. A header by itself may be written plainly: `response_header.x-rows`. */
export function compileAnswerNumber(scope: Scope, text: string, place: Place): AnswerNumber | undefined {
  return compileAnswer(scope, text, 'double', place);
}

/** Compiles a truth over the answer: `response.is_execution_finished`. */
export function compileAnswerTruth(
  scope: Scope,
  text: string,
  place: Place,
): { holds: (inputs: Inputs, answer: AnswerField) => boolean; paths: readonly string[] } | undefined {
  const compiled = compileAnswer(scope, text, 'bool', place);
  if (compiled === undefined) return undefined;
  const { expression, paths } = compiled;
  const holds = (inputs: Inputs, answer: AnswerField): boolean => {
    try {
      return (
        expression.run(
          valuesOf(expression, inputs, answer, scope.rules, (value, size) => (size ? numberOf(value, true) : value)),
        ) === true
      );
    } catch {
      // What can not be decided is not done yet: the hold stays open until its deadline (rule 17).
      return false;
    }
  };
  return { holds, paths };
}

function compileAnswer(scope: Scope, text: string, returns: 'double' | 'bool', place: Place): AnswerNumber | undefined {
  const expression = compileExpression(text, returns, (name, size) => {
    if (size && !/^(response[.[]|body\.)/.test(name)) return { problem: noSize(name) };
    if (isAnswerField(name) || isRequestField(name) || name === 'body.bytes') return returns === 'double' ? 'double' : 'dyn';
    return { problem: `"${name}" is not a field; response.…, response_header.… and fields of the request are` };
  });
  if ('problem' in expression) {
    scope.report.problem(place, `${expression.problem.replace(/\.$/, '')}.`);
    return undefined;
  }
  const paths = expression.operands.map(({ name }) => name).filter(isAnswerField);
  for (const operand of expression.operands) if (!isAnswerField(operand.name)) noteOperand(scope, operand, place);
  const read = (inputs: Inputs, answer: AnswerField): Reading => {
    let odd: Reading = null;
    let whole = true;
    const values = valuesOf(expression, inputs, answer, scope.rules, (value, size) => {
      const number = numberOf(value, size);
      if (typeof number !== 'number') [whole, odd] = [false, number ?? odd];
      return number;
    });
    if (!whole) return odd;
    const result = Number(expression.run(values));
    return Number.isFinite(result) && result >= 0 ? Math.round(result * 1e9) / 1e9 : { found: String(result) };
  };
  return { read, expression, paths };
}

function valuesOf(
  expression: Expression,
  inputs: Inputs,
  answer: AnswerField,
  rules: FieldRules,
  turned: (value: unknown, size: boolean) => unknown,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, size, variable } of expression.operands) {
    const ofRequest = size ? inputs[`size(${name})`] : resolved(name, inputs, rules);
    const found = isAnswerField(name) ? answer(name) : ofRequest;
    const value = turned(found, size && isAnswerField(name));
    values[variable] = value ?? null;
  }
  return values;
}

function numberOf(value: unknown, size: boolean): Reading {
  if (value === undefined || value === null) return null;
  if (size) return Array.isArray(value) || typeof value === 'string' ? value.length : { found: shown(value) };
  // Headers, path and query are text; their digits are numbers.
  const number = typeof value === 'string' && /^\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : { found: shown(value) };
}

function shown(value: unknown): string {
  return typeof value === 'object' ? (Array.isArray(value) ? 'a list' : 'an object') : JSON.stringify(value).slice(0, 80);
}
