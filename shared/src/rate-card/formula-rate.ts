// A price as a formula over quantities and request fields, evaluated in decimals and snapped to a billionth (rule 14).
import type { PricingRefusal } from '../pricing.ts';
import { grouped, totalOf } from './amount-text.ts';
import { NANOS, nanosOf } from './exact.ts';
import { compileExpression, type Expression, type Operand } from './expression.ts';
import { isRefusal, type Inputs } from './field.ts';
import { neverFalls } from './monotone.ts';
import type { Place } from './parse.ts';
import type { QuantityOf, Rate } from './rate.ts';
import {
  isBodyList,
  isRequestField,
  noSize,
  noteOperand,
  operandReader,
  quantityKind,
  type NumberReader,
  type Scope,
} from './scope.ts';

/** @returns `undefined` after a problem was reported. */
export function compileFormula(scope: Scope, text: string, name: string, at: Place): Rate | undefined {
  const place = [...at, 'formula'];
  const expression = compileExpression(text, 'double', (operand, size) => {
    if (size && !isBodyList(operand)) return { problem: noSize(operand) };
    if (isRequestField(operand)) return 'double';
    const kind = quantityKind(scope, operand);
    return 'problem' in kind ? kind : 'double';
  });
  if ('problem' in expression) {
    scope.report.problem(place, `${expression.problem.replace(/\.$/, '')}.`);
    return undefined;
  }
  for (const operand of expression.operands) noteOperand(scope, operand, place);
  const formula: Formula = {
    expression,
    ofRequest: expression.operands
      .filter((operand) => isRequestField(operand.name))
      .map((operand) => ({ operand, read: operandReader(operand, false, scope.rules) })),
    quantities: expression.operands.filter((operand) => !isRequestField(operand.name)),
  };
  return {
    place: name,
    quantity: undefined,
    reads: formula.quantities.map((operand) => operand.name),
    neverFalls: neverFalls(expression.tree, (operand) => scope.quantities.has(operand)),
    byName: false,
    choice: undefined,
    fractions: [{ numerator: 1n, denominator: NANOS }],
    prices: new Map(),
    bind: (partsPerCredit) => {
      const weight = partsPerCredit / NANOS;
      return (inputs, quantityOf, tally) => {
        tally.charged += nanosOf(evaluate(formula, inputs, quantityOf)) * weight;
      };
    },
    describe: (inputs, quantityOf) => describe(formula, inputs, quantityOf),
    refuses: (inputs) => refusalOf(formula, inputs),
  };
}

interface Formula {
  expression: Expression;
  ofRequest: readonly { operand: Operand; read: NumberReader }[];
  quantities: readonly Operand[];
}

const CREDITS_MAX = 1_000_000_000;

/** Credits, never negative; what is no number is more than any ceiling, never nothing (promise 3). */
function evaluate({ expression, ofRequest, quantities }: Formula, inputs: Inputs, quantityOf: QuantityOf): number {
  const values: Record<string, number> = {};
  for (const { operand, read } of ofRequest) {
    const value = read(inputs);
    values[operand.variable] = isRefusal(value) ? Number.NaN : value;
  }
  for (const { variable, name } of quantities) values[variable] = totalOf(quantityOf(name));
  const credits = Number(expression.run(values));
  return Number.isNaN(credits) ? CREDITS_MAX : Math.min(Math.max(credits, 0), CREDITS_MAX);
}

function describe({ expression, ofRequest, quantities }: Formula, inputs: Inputs, quantityOf: QuantityOf): string {
  const parts = quantities.map(({ name }) => `${name} = ${grouped(totalOf(quantityOf(name)))}`);
  for (const { operand, read } of ofRequest) {
    const value = read(inputs);
    const name = operand.size ? `size(${operand.name})` : operand.name;
    parts.push(`${name} = ${isRefusal(value) ? 'missing' : grouped(value)}`);
  }
  return parts.length === 0 ? expression.text : `${expression.text} with ${parts.join(', ')}`;
}

function refusalOf({ ofRequest }: Formula, inputs: Inputs): PricingRefusal | undefined {
  for (const { read } of ofRequest) {
    const value = read(inputs);
    if (isRefusal(value)) return value;
  }
  return undefined;
}
