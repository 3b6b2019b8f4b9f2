// A price as a formula over quantities and request fields, evaluated in decimals and snapped to a billionth (rule 14).
import { grouped, totalOf } from './amount-text.ts';
import { compileExpression } from './expression.ts';
import { NANOS, nanosOf } from './exact.ts';
import { isRefusal, type Inputs } from './field.ts';
import { neverFalls } from './monotone.ts';
import type { Place } from './parse.ts';
import type { QuantityOf, Rate } from './rate.ts';
import { isBodyList, isRequestField, noSize, noteOperand, operandReader, quantityKind, type Scope } from './scope.ts';

export function compileFormula(scope: Scope, text: string, name: string, at: Place): Rate | undefined {
  const place = [...at, 'formula'];
  const formula = compileExpression(text, 'double', (operand, size) => {
    if (size && !isBodyList(operand)) return { problem: noSize(operand) };
    if (isRequestField(operand)) return 'double';
    const kind = quantityKind(scope, operand);
    return 'problem' in kind ? kind : 'double';
  });
  if ('problem' in formula) {
    scope.report.problem(place, `${formula.problem.replace(/\.$/, '')}.`);
    return undefined;
  }
  for (const operand of formula.operands) noteOperand(scope, operand, place);
  const requestParts = formula.operands
    .filter((operand) => isRequestField(operand.name))
    .map((operand) => ({ operand, read: operandReader(operand, false, scope.rules) }));
  const quantities = formula.operands.filter((operand) => !isRequestField(operand.name));

  const evaluate = (inputs: Inputs, quantityOf: QuantityOf): number => {
    const values: Record<string, number> = {};
    for (const { operand, read } of requestParts) {
      const value = read(inputs);
      values[operand.variable] = isRefusal(value) ? Number.NaN : value;
    }
    for (const { variable, name: quantity } of quantities) values[variable] = totalOf(quantityOf(quantity));
    return Number(formula.run(values));
  };
  return {
    place: name,
    quantity: undefined,
    reads: quantities.map((operand) => operand.name),
    neverFalls: neverFalls(formula.tree, (operand) => scope.quantities.has(operand)),
    byName: false,
    choice: undefined,
    fractions: [{ numerator: 1n, denominator: NANOS }],
    prices: new Map(),
    bind: (partsPerCredit) => {
      const weight = partsPerCredit / NANOS;
      return (inputs, quantityOf, tally) => {
        const credits = evaluate(inputs, quantityOf);
        // A price is never negative; one that is no number is more than any ceiling, never nothing (promise 3).
        tally.charged +=
          credits <= 0 ? 0n : nanosOf(Math.min(Number.isNaN(credits) ? CREDITS_MAX : credits, CREDITS_MAX)) * weight;
      };
    },
    describe: (inputs, quantityOf) => {
      const parts = [
        ...quantities.map((operand) => `${operand.name} = ${grouped(totalOf(quantityOf(operand.name)))}`),
        ...requestParts.map(({ operand: { name: field, size }, read }) => {
          const value = read(inputs);
          return `${size ? `size(${field})` : field} = ${isRefusal(value) ? 'missing' : grouped(value)}`;
        }),
      ];
      return parts.length === 0 ? text : `${text} with ${parts.join(', ')}`;
    },
    refuses: (inputs) => {
      for (const { read } of requestParts) {
        const value = read(inputs);
        if (isRefusal(value)) return value;
      }
      return undefined;
    },
  };
}

const CREDITS_MAX = 1_000_000_000;
